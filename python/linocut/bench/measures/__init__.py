"""What is measured, one file each. A measure takes engines and modules and gives rows of results and steps.

The rows (see results.py) are empty until the steps that fill them have been taken. A step is one fresh
process of one engine: so all of them can be counted before the first one is taken.
"""
