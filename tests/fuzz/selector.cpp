// Bodies of replays and cursors of lists. The first byte chooses.
#include "fuzz.hpp"

#include "replay_order.hpp"
#include "traitsync/core/json.hpp"
#include "url_text.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::admin;
using fuzz::check;

void check_order(std::string const& body) {
    auto const order = order_of(body);
    if (!order) {
        auto const& p = order.error();
        check(p.status == 400 || p.status == 422, "a refusal has its status");
        check(p.status != 422 || !p.errors.empty(), "a bad field is named");
        json::document shown;
        auto const text = answer_of(p).body;
        check(shown.parse(text) == json::parse_fault::none && shown.replaced_characters() == 0, "a problem is JSON");
        return;
    }
    check(order->has_selector || order->preview_token, "a replay says of whom");
    check(order->which.user_ids.size() <= 10'000, "bounded");
    for (auto const& id : order->which.user_ids) check(!id.empty(), "ids are not empty");
    auto const& span = order->which.acknowledged_between;
    check(!span || span->first <= span->second, "a span has an order");
}

void check_cursor(std::string_view text, std::size_t parts) {
    auto const found = parse_cursor(text, parts);
    if (!found) return;
    check(found->size() == parts, "as many parts as asked for");
    check(parse_cursor(cursor_of(*found), parts) == found, "a cursor survives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 1) return 0;
    auto const text = fuzz::text_of(data + 1, size - 1);
    if (data[0] % 4 == 0) {
        check_order(std::string{text});
    } else {
        check_cursor(text, data[0] % 4);
        // Any texts can be a place.
        std::vector<std::string> parts(data[0] % 4);
        for (std::size_t i = 0; i < text.size() && i < 512; ++i) parts[i % parts.size()] += text[i];
        check(parse_cursor(cursor_of(parts), parts.size()) == parts, "any texts can be a place");
    }
    return 0;
}
