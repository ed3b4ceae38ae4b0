// Keeps the faulthandler module and the runtime's fault handlers from overwriting each other.
#pragma once

namespace linocut::bind {

// From now on faulthandler.enable() and disable() work below the runtime's handlers: a fault in machine code
// is not reported as fatal, and disabling leaves traps working.
void watch_faulthandler();

}  // namespace linocut::bind
