// The lane against a scripted Segment: whatever it answers, each message ends once, and nothing is overdone.
#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <set>

#include "lane_desk.hpp"
#include "traitsync/delivery/limits.hpp"

namespace traitsync::delivery::test {
namespace {

class world {
public:
    explicit world(unsigned seed)
        : dice_{seed},
          options_{.batch_size = 1 + at_most(30),
                   .concurrency = 1 + at_most(5),
                   .rate_limit = at_most(2) == 0 ? 0 : 5 + at_most(200),
                   .random =
                       [this] {
                           return std::uniform_real_distribution<double>{0, 1}(dice_);
                       }},
          desk_{options_} {}

    void run() {
        auto const count = 50 + at_most(400);
        for (std::int64_t row = 1; row <= count; ++row) queue(row, at_most(12) == 0);
        weather_ends_ = desk_.now + std::chrono::seconds{at_most(900)};
        for (int step = 0; step < 200'000; ++step) {
            if (desk_.now >= weather_ends_ && desk_.l.held() == 0 && desk_.store.empty()) break;
            act();
            // Trickling good messages stand for the world going on: some good ones always exist.
            if (desk_.store.empty() && desk_.l.status().state == lane_state::blocked && at_most(3) == 0)
                queue(++last_, false);
        }
        BOOST_REQUIRE_EQUAL(desk_.l.held(), 0u);
        BOOST_REQUIRE(desk_.store.empty());
        check_ends();
        check_rate();
    }

private:
    int at_most(int n) { return static_cast<int>(dice_() % static_cast<unsigned>(n + 1)); }

    void queue(std::int64_t row, bool bad) {
        last_ = std::max(last_, row);
        all_.insert(row);
        if (bad) bad_.insert(row);
        desk_.queue_one(row);
    }

    void act() {
        desk_.place = std::uniform_real_distribution<double>{0, 1}(dice_);
        auto const answer_first = !under_way_.empty() && at_most(1) == 0;
        if (answer_first) return answer_one();
        auto a = desk_.next();
        if (auto const* s = std::get_if<send>(&a)) return note_send(*s);
        if (!under_way_.empty() && at_most(2) > 0) return answer_one();
        if (auto const* s = std::get_if<sleep>(&a)) {
            BOOST_REQUIRE(s->until > desk_.now);
            return desk_.pass(std::chrono::ceil<std::chrono::milliseconds>(s->until - desk_.now));
        }
        desk_.pass(std::chrono::milliseconds{at_most(500)});
    }

    void note_send(send const& s) {
        auto const list = desk_.rows_of(s);
        BOOST_REQUIRE(!list.empty());
        BOOST_REQUIRE_LE(list.size(), static_cast<std::size_t>(options_.batch_size));
        for (auto const row : list) BOOST_REQUIRE(busy_.insert(row).second);  // never in two batches at once
        under_way_.push_back(s);
        BOOST_REQUIRE_LE(under_way_.size(), static_cast<std::size_t>(options_.concurrency));
        BOOST_REQUIRE(desk_.now >= silent_until_);
        sent_.emplace_back(desk_.now, list.size());
        auto& before = contents_[s.batch.value];
        // A batch that goes again carries the same messages, but for one that was taken out to be tried alone.
        if (!before.empty()) BOOST_REQUIRE(std::ranges::includes(before, list));
        before = list;
    }

    void answer_one() {
        auto const which = static_cast<std::size_t>(at_most(static_cast<int>(under_way_.size()) - 1));
        auto const s = under_way_[which];
        under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(which));
        auto const list = desk_.rows_of(s);
        for (auto const row : list) busy_.erase(row);
        desk_.answer(s, outcome(list));
        BOOST_REQUIRE_LE(
            desk_.l.held() - desk_.l.status().suspects,
            static_cast<std::size_t>(options_.batch_size * options_.concurrency) + limits::max_refused_in_a_row);
    }

    result<net::reply> outcome(rows const& list) {
        if (desk_.now < weather_ends_) {
            if (storm_ == 0 && at_most(15) == 0) storm_ = 1 + at_most(40);
            if (storm_ > 0) {
                --storm_;
                switch (at_most(4)) {
                    case 0:
                        return broken_connection();
                    case 1:
                        return reply_of(401);
                    case 2: {
                        auto r = reply_of(429);
                        if (at_most(1) == 0) r.retry_after = std::chrono::seconds{1 + at_most(60)};
                        silent_until_ = std::max(silent_until_, desk_.now + r.retry_after.value_or(1s));
                        return r;
                    }
                    default:
                        return reply_of(500 + at_most(10));
                }
            }
        }
        auto const refused = std::ranges::any_of(list, [&](auto row) { return bad_.contains(row); });
        return reply_of(refused ? 400 + 13 * at_most(1) : 200);
    }

    void check_ends() const {
        std::map<std::int64_t, int> ends;
        for (auto const row : desk_.all.acknowledged) {
            BOOST_REQUIRE(!bad_.contains(row));
            ++ends[row];
        }
        for (auto const& d : desk_.all.dead) {
            BOOST_REQUIRE(bad_.contains(d.row));
            ++ends[d.row];
        }
        BOOST_REQUIRE_EQUAL(ends.size(), all_.size());
        for (auto const& [row, times] : ends) BOOST_REQUIRE_EQUAL(times, 1);
    }

    void check_rate() const {
        if (options_.rate_limit == 0) return;
        auto const burst = std::max(options_.batch_size, options_.rate_limit);
        for (std::size_t from = 0; from < sent_.size(); ++from) {
            double total = 0;
            for (std::size_t to = from; to < std::min(sent_.size(), from + 300); ++to) {
                total += static_cast<double>(sent_[to].second);
                std::chrono::duration<double> const window = sent_[to].first - sent_[from].first;
                BOOST_REQUIRE_LE(total, burst + options_.rate_limit * window.count() + 1e-6);
            }
        }
    }

    std::mt19937 dice_;
    lane_options options_;
    desk desk_;
    std::set<std::int64_t> all_, bad_, busy_;
    std::int64_t last_ = 0;
    std::vector<send> under_way_;
    std::map<std::uint64_t, rows> contents_;
    std::vector<std::pair<steady_time, std::size_t>> sent_;
    steady_time weather_ends_{}, silent_until_{};
    int storm_ = 0;
};

BOOST_AUTO_TEST_SUITE(delivery_lane_property)

BOOST_AUTO_TEST_CASE(whatever_segment_answers_each_message_ends_once_and_exactly_the_refused_ones_die) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) world{seed}.run();
    }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace
}  // namespace traitsync::delivery::test
