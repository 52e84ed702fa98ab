#include "request_notes.hpp"

#include <fmt/ranges.h>

#include <charconv>

namespace traitsync::engine {
namespace {

constexpr char const* key = "requests";

// Milliseconds since 1970, of the wall clock: the only one that both processes know.
std::vector<std::int64_t> times_of(std::string_view text) {
    std::vector<std::int64_t> times;
    while (!text.empty()) {
        std::int64_t one = 0;
        auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), one);
        if (failed != std::errc{}) break;
        times.push_back(one);
        text.remove_prefix(std::min(text.size(), static_cast<std::size_t>(end - text.data()) + 1));
    }
    return times;
}

}  // namespace

boost::asio::awaitable<void> note_requests(context& c, moesif::budget const& b) {
    if (!b.limits()) co_return;
    std::vector<std::int64_t> times;
    for (auto const age : b.ages(c.time.steady())) {
        times.push_back(c.now() - std::chrono::duration_cast<std::chrono::milliseconds>(age).count());
    }
    auto job = [text = fmt::format("{}", fmt::join(times, ","))](store::session& s) -> result<void> {
        store::session::transaction tx{s};
        s.meta.set(key, std::string_view{text});
        tx.commit();
        return {};
    };
    // Not insist(): see the header.
    [[maybe_unused]] auto const noted = co_await c.run(std::move(job));
}

boost::asio::awaitable<void> recall_requests(context& c, moesif::budget& b) {
    if (!b.limits()) co_return;
    auto job = [](store::session& s) -> result<std::optional<std::string>> { return s.meta.text(key); };
    auto const text = co_await c.run(std::move(job));
    if (!text || !*text) co_return;
    auto const now = c.now();
    std::vector<moesif::budget::duration> ages;
    // After a clock that went back they are as good as made just now.
    for (auto const at : times_of(**text))
        ages.push_back(std::chrono::milliseconds{std::max<std::int64_t>(now - at, 0)});
    b.recall(ages, c.time.steady());
}

}  // namespace traitsync::engine
