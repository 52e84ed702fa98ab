#include "request_notes.hpp"

#include <fmt/ranges.h>

#include <charconv>

namespace traitsync::engine {
namespace {

constexpr char const* key = "requests";

// Between all requests and those of them that read single documents.
constexpr char divider = ';';

// Milliseconds since 1970, of the wall clock: the only one that both processes know.
std::string text_of(std::vector<moesif::budget::duration> const& ages, std::int64_t now) {
    std::vector<std::int64_t> times;
    for (auto const age : ages)
        times.push_back(now - std::chrono::duration_cast<std::chrono::milliseconds>(age).count());
    return fmt::format("{}", fmt::join(times, ","));
}

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

std::vector<moesif::budget::duration> ages_of(std::string_view text, std::int64_t now) {
    std::vector<moesif::budget::duration> ages;
    // After a clock that went back they are as good as made just now.
    for (auto const at : times_of(text)) ages.push_back(std::chrono::milliseconds{std::max<std::int64_t>(now - at, 0)});
    return ages;
}

}  // namespace

boost::asio::awaitable<void> note_requests(context& c, moesif::budget const& b) {
    if (!b.limits()) co_return;
    auto const spent = b.ages(c.time.steady());
    auto noted_text = text_of(spent.all, c.now()) + divider + text_of(spent.checks, c.now());
    auto job = [text = std::move(noted_text)](store::session& s) -> result<void> {
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
    std::string_view const noted{**text};
    auto const end = std::min(noted.find(divider), noted.size());
    moesif::budget::past before;
    before.all = ages_of(noted.substr(0, end), c.now());
    before.checks = ages_of(noted.substr(std::min(end + 1, noted.size())), c.now());
    b.recall(before, c.time.steady());
}

}  // namespace traitsync::engine
