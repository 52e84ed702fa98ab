// Under the thread sanitizer only: its reports go to files of this build, because the tests start the program with an
// environment of their own, and kill it at times. `./dev test --tsan` fails where there is one.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() { return "log_path=" TS_REPORTS "/report exitcode=66"; }
