#pragma once
// A running service whose wall clock the test moves.

#include "operator.hpp"

namespace traitsync::test {

// The child's wall clock, off by what the test says.
struct shifted_clock : operated {
    void shift(std::chrono::seconds by) const {
        std::int64_t const seconds = by.count();
        std::fstream file{folder / "shift", std::ios::binary | std::ios::in | std::ios::out};
        file.write(reinterpret_cast<char const*>(&seconds), sizeof seconds);
        BOOST_REQUIRE(file.flush());
    }
    shifted_clock() {
        folder.write("shift", std::string(8, '\0'));
        environment["LD_PRELOAD"] = TS_CLOCK_SHIM;
        environment["TS_CLOCK_SHIFT"] = (folder / "shift").string();
    }
    static std::string member(std::string const& body, std::string const& name) {
        auto const from = body.find("\"" + name + "\":\"") + name.size() + 4;
        return body.substr(from, body.find('"', from) - from);
    }
};

}  // namespace traitsync::test
