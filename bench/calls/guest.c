// The WebAssembly side of the call measurements: something to call, and something that calls.
__attribute__((import_module("host"), import_name("call"))) int host_call(int value);

__attribute__((export_name("add"))) int add(int a, int b) { return a + b; }

__attribute__((export_name("call_many"))) int call_many(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) sum += host_call(i);
    return sum;
}
