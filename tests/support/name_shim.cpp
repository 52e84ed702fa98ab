// Preloaded into a child: names that end in .works.test are this machine, and those that end in .hangs.test are never
// answered, as where every name server is silent, however long the caller waits. Other names stay as they are.

#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>

#include <string_view>

extern "C" int getaddrinfo(char const* name, char const* service, addrinfo const* wanted, addrinfo** found) {
    using call = int(char const*, char const*, addrinfo const*, addrinfo**);
    static auto* const real = reinterpret_cast<call*>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    std::string_view const text{name != nullptr ? name : ""};
    while (text.ends_with(".hangs.test")) ::pause();
    return real(text.ends_with(".works.test") ? "127.0.0.1" : name, service, wanted, found);
}
