// Sees to it that signal.signal() does not take the fault handlers away.
#pragma once

namespace linocut::bind {

void watch_signal_module();

}  // namespace linocut::bind
