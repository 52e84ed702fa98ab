// What changes something.

#include "api.hpp"
#include "body_reader.hpp"
#include "json_writer.hpp"
#include "message_pages.hpp"

namespace traitsync::admin {
namespace {

constexpr std::size_t most_ids = 10'000;

answer text_answer(int status, json_writer& w) {
    answer a{.status = status};
    a.body = w.take();
    return a;
}

answer count_answer(result<std::int64_t> const& count) {
    if (!count) return answer_of(problem_of(count.error()));
    json_writer w;
    w.begin_object().key("count").number(*count).end_object();
    return text_answer(200, w);
}

outcome<engine::dead_selection> selection_of(std::string const& body) {
    auto r = body_reader::parse(body, {"message_ids", "reason", "all"}, false);
    if (!r) return r.error();
    engine::dead_selection which;
    auto const ids = r->texts("message_ids", most_ids);
    auto const reason = r->choice("reason", dead_reasons());
    auto const all = r->boolean("all");
    if (ids) {
        std::size_t at = 0;
        for (auto const& text : *ids) {
            if (auto const id = message_id::parse(text)) {
                which.ids.push_back(*id);
            } else {
                r->wrong("/message_ids/" + std::to_string(at), "must be a message id (a UUID)");
            }
            ++at;
        }
    }
    if (reason) which.reason = dead_reason_named(*reason);
    if (all) {
        which.all = *all;
        if (!*all) r->wrong("/all", "all is true or left out");
    }
    // A null is no choice: taken for one it would leave nothing that limits what is settled.
    auto const ways = (ids ? 1 : 0) + (reason ? 1 : 0) + (all ? 1 : 0);
    if (r->ok() && ways != 1) r->wrong("", "exactly one of message_ids, reason and all must be given");
    if (!r->ok()) return r->problems();
    return which;
}

std::optional<problem> no_fields(std::string const& body) {
    auto r = body_reader::parse(body, {}, true);
    if (!r) return r.error();
    if (!r->ok()) return r->problems();
    return std::nullopt;
}

}  // namespace

boost::asio::awaitable<answer> api::retry_dead(call c) {
    auto which = selection_of(c.body);
    if (!which) co_return answer_of(which.error());
    auto count = co_await engine_.operate().retry_dead(std::move(*which));
    co_return count_answer(count);
}

boost::asio::awaitable<answer> api::discard_dead(call c) {
    auto which = selection_of(c.body);
    if (!which) co_return answer_of(which.error());
    auto count = co_await engine_.operate().discard_dead(std::move(*which));
    co_return count_answer(count);
}

boost::asio::awaitable<answer> api::pull(call c) {
    auto r = body_reader::parse(c.body, {"kind"}, true);
    if (!r) co_return answer_of(r.error());
    auto const kind = r->choice("kind", {"incremental", "full"});
    if (!r->ok()) co_return answer_of(r->problems());
    auto const wanted = kind == "full" ? store::pass_kind::full : store::pass_kind::incremental;
    auto run = co_await engine_.operate().pull(wanted);
    if (!run) co_return answer_of(problem_of(run.error()));
    json_writer w;
    write_run(w, *run);
    co_return text_answer(202, w);
}

boost::asio::awaitable<answer> api::set_paused(call c, bool on) {
    auto r = body_reader::parse(c.body, {"scope"}, true);
    if (!r) co_return answer_of(r.error());
    auto const scope = r->choice("scope", {"pull", "deliver", "all"}).value_or("all");
    if (!r->ok()) co_return answer_of(r->problems());
    engine::pause_scope const which{.pull = scope != "deliver", .deliver = scope != "pull"};
    auto done = co_await engine_.operate().pause(which, on);
    if (!done) co_return answer_of(problem_of(done.error()));
    auto const& s = engine_.state();
    json_writer w;
    w.begin_object();
    w.key("pull_paused").boolean(s.pull.paused.has_value());
    w.key("deliver_paused").boolean(s.push.paused.has_value());
    w.end_object();
    co_return text_answer(200, w);
}

boost::asio::awaitable<answer> api::pause(call c) {
    auto a = co_await set_paused(std::move(c), true);
    co_return a;
}

boost::asio::awaitable<answer> api::resume(call c) {
    auto a = co_await set_paused(std::move(c), false);
    co_return a;
}

boost::asio::awaitable<answer> api::release_brake(call c) {
    if (auto const wrong = no_fields(c.body)) co_return answer_of(*wrong);
    auto count = co_await engine_.operate().release_brake();
    co_return count_answer(count);
}

boost::asio::awaitable<answer> api::discard_brake(call c) {
    if (auto const wrong = no_fields(c.body)) co_return answer_of(*wrong);
    auto count = co_await engine_.operate().discard_brake();
    co_return count_answer(count);
}

boost::asio::awaitable<answer> api::destination(call c) {
    auto r = body_reader::parse(c.body, {"action"}, false);
    if (!r) co_return answer_of(r.error());
    auto const action = r->choice("action", {"resend", "keep"});
    if (r->ok() && !action) r->wrong("/action", "action must be resend or keep");
    if (!r->ok()) co_return answer_of(r->problems());
    auto const choice = *action == "resend" ? engine::destination_choice::resend : engine::destination_choice::keep;
    auto done = co_await engine_.operate().settle_destination(choice);
    if (!done) co_return answer_of(problem_of(done.error()));
    json_writer w;
    w.begin_object().key("action").text(*action).end_object();
    co_return text_answer(200, w);
}

boost::asio::awaitable<answer> api::forget(call c) {
    auto r = body_reader::parse(c.body, {"allow"}, true);
    if (!r) co_return answer_of(r.error());
    auto const allow = r->boolean("allow").value_or(false);
    if (!r->ok()) co_return answer_of(r->problems());
    json_writer w;
    if (allow) {
        auto was = co_await engine_.operate().allow(c.values.front());
        if (!was) co_return answer_of(problem_of(was.error()));
        if (!*was) co_return answer_of(not_found("nobody with this user id is forgotten"));
        w.begin_object().key("forgotten").boolean(false).end_object();
        co_return text_answer(200, w);
    }
    auto done = co_await engine_.operate().forget(c.values.front());
    if (!done) co_return answer_of(problem_of(done.error()));
    auto const& removed = done->removed;
    w.begin_object().key("forgotten").boolean(true).key("removed").begin_object();
    w.key("profiles").number(removed.profile ? 1 : 0);
    w.key("messages").number(removed.messages);
    w.key("dead_letters").number(removed.dead_letters);
    w.key("quarantined").number(removed.quarantined);
    w.key("previews").number(removed.previews);
    w.key("answers").number(removed.answers);
    w.end_object();
    w.key("may_have_arrived").number(static_cast<std::int64_t>(removed.offered.size()));
    w.key("scrubbed").boolean(done->scrubbed).end_object();
    co_return text_answer(200, w);
}

}  // namespace traitsync::admin
