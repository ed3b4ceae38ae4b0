"""What instances hold, what has happened to them, and what of it an assertion can notice."""
