#pragma once
// A lane with a store and a clock in plain variables: steps of a test read as what happens.

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "traitsync/delivery/lane.hpp"

namespace traitsync::delivery::test {

using namespace std::chrono_literals;
using rows = std::vector<std::int64_t>;

inline net::reply reply_of(int status, std::string body = {}) { return {.status = status, .body = std::move(body)}; }
inline error broken_connection() { return {.kind = fault::unavailable, .what = "Segment closed the connection"}; }

struct desk {
    explicit desk(lane_options options = {}) : l{std::move(options)} {}

    lane l;
    steady_time now = steady_time{} + 24h;
    wall_time wall = from_millis(1'760'000'000'000);
    std::deque<frozen_message> store;  // what the next fetches get
    double place = 0.9;                // where in the store one is found that may come from anywhere
    std::vector<fetch> fetches;
    settlements all;  // everything settled so far

    void queue(std::int64_t first, std::int64_t last) {
        for (auto row = first; row <= last; ++row) queue_one(row);
    }
    void queue_one(std::int64_t row) {
        store.push_back({.row = row, .body = std::to_string(row), .first_offered = wall, .attempts = 0});
        l.wake();
    }

    // What the lane wants now, its fetches answered.
    action next() {
        while (true) {
            auto a = l.next(now);
            auto const* wanted = std::get_if<fetch>(&a);
            if (!wanted) return a;
            fetches.push_back(*wanted);
            std::vector<frozen_message> given;
            if (wanted->anywhere && !store.empty()) {
                auto const at = store.begin() + static_cast<std::ptrdiff_t>(place * static_cast<double>(store.size()));
                given.push_back(std::move(*at));
                store.erase(at);
            }
            while (!store.empty() && given.size() < wanted->messages) {
                given.push_back(std::move(store.front()));
                store.pop_front();
            }
            l.give(std::move(given), !store.empty());
            take();
        }
    }
    std::optional<send> sent() {
        auto a = next();
        if (auto const* s = std::get_if<send>(&a)) return *s;
        return std::nullopt;
    }
    // The next send; one that does not come is a failed test.
    send must_send() { return sent().value(); }
    // How long the lane sleeps; nothing when it does not.
    std::optional<std::chrono::milliseconds> sleeps() {
        auto a = next();
        if (auto const* s = std::get_if<sleep>(&a)) return std::chrono::ceil<std::chrono::milliseconds>(s->until - now);
        return std::nullopt;
    }
    bool is_idle() { return std::holds_alternative<idle>(next()); }

    rows rows_of(send const& s) const {
        rows list;
        for (auto const body : l.messages_of(s.batch)) list.push_back(std::stoll(std::string{body}));
        return list;
    }

    void answer(send const& s, result<net::reply> const& outcome) {
        l.on_reply(s.batch, outcome, now, wall);
        take();
    }
    void answer(send const& s, int status) { answer(s, reply_of(status)); }
    void pass(std::chrono::milliseconds time) {
        now += time;
        wall += time;
    }
    void take() {
        auto some = l.take_settlements();
        all.acknowledged.insert(all.acknowledged.end(), some.acknowledged.begin(), some.acknowledged.end());
        std::ranges::move(some.dead, std::back_inserter(all.dead));
        std::ranges::move(some.retried, std::back_inserter(all.retried));
    }
    rows acknowledged() const {
        auto list = all.acknowledged;
        std::ranges::sort(list);
        return list;
    }
    rows dead() const {
        rows list;
        for (auto const& d : all.dead) list.push_back(d.row);
        std::ranges::sort(list);
        return list;
    }

    // Sends and answers by `status_of(rows)` until the lane waits; each request is answered before the next one.
    template <class Status>
    void run(Status&& status_of) {
        while (auto const s = sent()) {
            auto const list = rows_of(*s);
            answer(*s, status_of(list));
        }
    }
};

inline rows range(std::int64_t first, std::int64_t last) {
    rows list;
    for (auto row = first; row <= last; ++row) list.push_back(row);
    return list;
}

// One request at a time unless said otherwise, no rate.
inline lane_options small(int batch_size, int concurrency = 1) {
    return {.batch_size = batch_size, .concurrency = concurrency, .rate_limit = 0};
}

// For desk::run: a request with one of `bad` in it is refused.
inline auto refusing(std::set<std::int64_t> bad, int status = 400) {
    return [bad = std::move(bad), status](rows const& sent) {
        return std::ranges::any_of(sent, [&](auto row) { return bad.contains(row); }) ? status : 200;
    };
}
inline auto always(int status) {
    return [status](rows const&) { return status; };
}

}  // namespace traitsync::delivery::test
