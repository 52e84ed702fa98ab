#pragma once
// A page of profiles through Boost.JSON's event parser: each document flattened to lines `dotted.key<US>json\n` in the
// order of the keys. No tree, no second look at the text.

#include <boost/json/basic_parser.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace traitsync::bench::limit {

inline constexpr char key_end = '\x1f';

class page_reader {
public:
    // Is given `_id` and the lines; both are lost when it returns.
    using taker = std::function<void(std::string_view id, std::string const& lines)>;
    void read(std::string_view page, taker const& take);

private:
    struct line {
        std::uint32_t begin, key, size;
    };
    struct handler;
    friend struct handler;

    std::string const& in_order();
    std::string_view text_of(line const& l) const { return std::string_view{leaves_}.substr(l.begin, l.size); }
    std::string_view key_of(line const& l) const { return std::string_view{leaves_}.substr(l.begin, l.key); }

    std::string leaves_;  // lines as they came
    std::vector<line> lines_;
    std::vector<std::uint16_t> order_;  // of the profile before: most have the same keys
    std::string sorted_;
};

}  // namespace traitsync::bench::limit
