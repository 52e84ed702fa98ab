#pragma once
// The admin API: which paths there are, who may ask them, and what answers them. No sockets here. Loop thread
// only; reading goes to the reading thread, everything that changes something through engine::operations.
// Private to admin/.

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <variant>
#include <vector>

#include "exchange.hpp"
#include "gate.hpp"
#include "lens.hpp"
#include "status_view.hpp"
#include "traitsync/config/load.hpp"
#include "traitsync/core/clock.hpp"
#include "traitsync/engine/engine.hpp"
#include "traitsync/engine/operations.hpp"
#include "traitsync/engine/replay_survey.hpp"
#include "traitsync/ops/log.hpp"
#include "traitsync/store/store_thread.hpp"

namespace traitsync::admin {

class api {
public:
    // All of them outlive the API. `schema_version`: of the open store.
    api(engine::engine& e, store::reader_thread& reader, config::loaded const& config, ops::log& log, clock const& time,
        int schema_version, gate who);

    using handler = boost::asio::awaitable<answer> (api::*)(call);
    enum class body_use : std::uint8_t { none, optional, required };
    struct route {
        std::string_view method;
        std::string_view pattern;  // {…}: one segment
        handler handle;
        std::vector<std::string> query;  // names that it knows
        body_use body = body_use::none;
        bool one_thing = false;  // carries an ETag
    };

    struct admitted {
        route const* to = nullptr;
        call what;
    };
    // By the head alone: nothing of a body needs to be read for a request that is refused.
    std::variant<answer, admitted> admit(request_head const& head);
    boost::asio::awaitable<answer> handle(admitted request);

    void use_tokens(config::admin_settings const& s) { gate_.use_tokens(s); }
    std::string status_now(bool volatile_too = true) const;
    api_counts& counts() { return counts_; }

private:
    // routes.cpp, as admit()
    static std::vector<route> const& routes();
    static std::vector<route> make_routes();

    // open_routes.cpp
    boost::asio::awaitable<answer> healthz(call c);
    boost::asio::awaitable<answer> readyz(call c);
    boost::asio::awaitable<answer> metrics(call c);
    boost::asio::awaitable<answer> openapi(call c);
    boost::asio::awaitable<answer> page(call c);
    boost::asio::awaitable<answer> asset(call c);
    // look_routes.cpp
    boost::asio::awaitable<answer> access(call c);
    boost::asio::awaitable<answer> status(call c);
    boost::asio::awaitable<answer> events(call c);
    boost::asio::awaitable<answer> profiles(call c);
    boost::asio::awaitable<answer> profile(call c);
    boost::asio::awaitable<answer> explain(call c);
    boost::asio::awaitable<answer> company(call c);
    boost::asio::awaitable<answer> messages(call c);
    boost::asio::awaitable<answer> message(call c);
    boost::asio::awaitable<answer> dead_letters(call c);
    boost::asio::awaitable<answer> quarantine(call c);
    boost::asio::awaitable<answer> runs(call c);
    boost::asio::awaitable<answer> activity(call c);
    boost::asio::awaitable<answer> brake(call c);
    boost::asio::awaitable<answer> configuration(call c);
    // act_routes.cpp
    boost::asio::awaitable<answer> retry_dead(call c);
    boost::asio::awaitable<answer> discard_dead(call c);
    boost::asio::awaitable<answer> pull(call c);
    boost::asio::awaitable<answer> pause(call c);
    boost::asio::awaitable<answer> resume(call c);
    boost::asio::awaitable<answer> release_brake(call c);
    boost::asio::awaitable<answer> discard_brake(call c);
    boost::asio::awaitable<answer> destination(call c);
    boost::asio::awaitable<answer> forget(call c);
    boost::asio::awaitable<answer> set_paused(call c, bool on);
    // replay_routes.cpp
    boost::asio::awaitable<answer> start_replay(call c);
    struct looked_at;  // a preview that was shown
    boost::asio::awaitable<outcome<looked_at>> preview_named(std::string token);
    boost::asio::awaitable<answer> show_preview(std::shared_ptr<engine::replay_survey> found,
                                                engine::replay_selector which,
                                                std::shared_ptr<store::user_set const> users);
    boost::asio::awaitable<answer> begin_replay(call c, store::replay_row row,
                                                std::shared_ptr<store::user_set const> users,
                                                std::vector<std::string> named);
    boost::asio::awaitable<answer> replays(call c);
    boost::asio::awaitable<answer> replay(call c);
    boost::asio::awaitable<answer> cancel_replay(call c);
    boost::asio::awaitable<result<engine::replay_selector>> without_forgotten(engine::replay_selector which);
    boost::asio::awaitable<outcome<std::shared_ptr<engine::replay_survey>>> survey(engine::replay_selector which,
                                                                                   engine::counting how);
    std::int64_t seconds_for(std::int64_t messages) const;
    std::string replay_json(store::replay_row const& row, std::int64_t parked) const;

    // Runs `job(store::reader&)`, which gives outcome<std::string>, within a snapshot; its text becomes the answer.
    template <class Job>
    boost::asio::awaitable<answer> look(Job job);
    boost::asio::awaitable<answer> answer_to(admitted request);
    boost::asio::awaitable<answer> once_only(admitted request);  // once_only.cpp
    std::string etag_of(answer const& a);

    status_facts facts() const;

    engine::engine& engine_;
    store::reader_thread& reader_;
    config::loaded const& config_;
    ops::log& log_;
    clock const& time_;
    int schema_version_;
    gate gate_;
    std::shared_ptr<lens const> lens_;
    api_counts counts_;
    int surveys_ = 0;
    std::set<std::string> keys_at_work_;
    std::map<char const*, std::string> fixed_etags_;  // by the first of their bytes
};

template <class Job>
boost::asio::awaitable<answer> api::look(Job job) {
    auto within = [job = std::move(job)](store::reader& r) mutable -> result<outcome<std::string>> {
        store::reader::snapshot const now{r};
        return job(r);
    };
    auto found = co_await reader_.run(std::move(within));
    if (!found) co_return answer_of(problem_of(found.error()));
    if (!*found) co_return answer_of(found->error());
    answer a;
    a.body = std::move(**found);
    co_return a;
}

// Query values, or the problem with them.
outcome<int> limit_of(call const& c);
std::string query_or(call const& c, std::string const& name, std::string fallback = {});

}  // namespace traitsync::admin
