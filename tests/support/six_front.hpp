#pragma once
// A door on [::1] to a service on 127.0.0.1, for tests of machines that know IPv6 alone. One thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace traitsync::test {

class six_front {
public:
    explicit six_front(std::uint16_t behind);
    ~six_front();
    six_front(six_front const&) = delete;
    six_front& operator=(six_front const&) = delete;

    std::string url(std::string_view path = {}) const;  // http://[::1]:<port>

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace traitsync::test
