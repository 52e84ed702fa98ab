// What only looks.

#include "activity_view.hpp"
#include "api.hpp"
#include "body_reader.hpp"
#include "list_page.hpp"
#include "message_pages.hpp"
#include "profile_pages.hpp"
#include "url_text.hpp"

namespace traitsync::admin {
namespace {

std::optional<problem> wrong_choice(std::string const& name, std::string const& value,
                                    std::vector<std::string> const& choices) {
    if (value.empty()) return std::nullopt;
    auto words = not_among(name, value, choices);
    if (words.empty()) return std::nullopt;
    return bad_field(pointer_to(name), std::move(words));
}

}  // namespace

boost::asio::awaitable<answer> api::access(call c) {
    json_writer w;
    w.begin_object().key("role").text(c.may_change ? "admin" : "viewer").end_object();
    answer a;
    a.body = w.take();
    co_return a;
}

boost::asio::awaitable<answer> api::status(call) {
    answer a;
    a.body = status_now();
    co_return a;
}

boost::asio::awaitable<answer> api::events(call) {
    answer a{.type = "text/event-stream"};
    a.is_event_stream = true;
    co_return a;
}

boost::asio::awaitable<answer> api::profiles(call c) {
    auto const limit = limit_of(c);
    if (!limit) co_return answer_of(limit.error());
    profile_filter f{
        .q = query_or(c, "q"), .company = {}, .state = {}, .limit = *limit, .cursor = query_or(c, "cursor")};
    if (auto company = query_or(c, "company"); !company.empty()) f.company = std::move(company);
    auto state = query_or(c, "state");
    if (auto const wrong = wrong_choice("state", state, profile_states())) co_return answer_of(*wrong);
    if (!state.empty()) f.state = std::move(state);
    auto job = [f](store::reader& r) { return list_profiles(r, f); };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::profile(call c) {
    auto job = [l = lens_, now = delivery_of(engine_.state(), time_.wall()), id = c.values.front()](store::reader& r) {
        return show_profile(r, *l, now, id);
    };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::explain(call c) {
    std::optional<profile::trait> only;
    if (auto const name = query_or(c, "trait"); !name.empty()) {
        if (auto const wrong = wrong_choice("trait", name, profile::trait_names())) co_return answer_of(*wrong);
        only = profile::trait_named(name);
    }
    auto job = [l = lens_, now = delivery_of(engine_.state(), time_.wall()), id = c.values.front(),
                only](store::reader& r) { return explain_profile(r, *l, now, id, only); };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::company(call c) {
    auto job = [id = c.values.front()](store::reader& r) { return show_company(r, id); };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::messages(call c) {
    auto const limit = limit_of(c);
    if (!limit) co_return answer_of(limit.error());
    message_filter f{.state = {}, .user_id = {}, .since = {}, .limit = *limit, .cursor = query_or(c, "cursor")};
    auto const state = query_or(c, "state");
    if (auto const wrong = wrong_choice("state", state, message_states())) co_return answer_of(*wrong);
    if (!state.empty()) f.state = message_state_named(state);
    if (auto user = query_or(c, "user_id"); !user.empty()) f.user_id = std::move(user);
    if (auto const since = query_or(c, "since"); !since.empty()) {
        auto const time = api_time(since);
        if (!time) co_return answer_of(bad_field("/since", "since must be a time such as 2026-05-02T10:00:00Z"));
        f.since = *time;
    }
    auto job = [l = lens_, now = delivery_of(engine_.state(), time_.wall()), f](store::reader& r) {
        return list_messages(r, *l, now, f);
    };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::message(call c) {
    auto const id = message_id::parse(c.values.front());
    if (!id) co_return answer_of(not_found("a message id is a UUID such as 019245f4-7c00-7a1b-8c2d-3e4f5a6b7c8d"));
    auto job = [l = lens_, now = delivery_of(engine_.state(), time_.wall()), id = *id](store::reader& r) {
        return show_message(r, *l, now, id);
    };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::dead_letters(call c) {
    auto const limit = limit_of(c);
    if (!limit) co_return answer_of(limit.error());
    auto const name = query_or(c, "reason");
    if (auto const wrong = wrong_choice("reason", name, dead_reasons())) co_return answer_of(*wrong);
    auto job = [l = lens_, reason = dead_reason_named(name), limit = *limit,
                cursor = query_or(c, "cursor")](store::reader& r) { return list_dead(r, *l, reason, limit, cursor); };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::quarantine(call c) {
    auto const limit = limit_of(c);
    if (!limit) co_return answer_of(limit.error());
    auto const from = place_in(numbered::quarantine, query_or(c, "cursor"));
    if (!from) co_return answer_of(wrong_cursor());
    auto job = [limit = *limit, after = *from](store::reader& r) mutable -> outcome<std::string> {
        list_page page{limit};
        while (page.may_look() && !page.is_full()) {
            auto const row = r.catalogue.quarantined_after(after);
            if (!row) return page.finish(true);
            page.look(cursor_of(numbered::quarantine, row->no), true, [&](json_writer& w) {
                auto const& q = row->what;
                w.begin_object();
                w.key("kind").text(q.kind == store::profile_kind::user ? "user" : "company");
                w.key("document_id").text(q.doc_id);
                w.key("reason").text(q.reason);
                w.key("detail").text(q.detail);
                w.key("raw").text(q.raw);
                w.key("first_seen").time(q.first_seen);
                w.key("last_seen").time(q.last_seen);
                w.key("run_id").number(q.pass);
                w.end_object();
            });
            after = row->no;
        }
        return page.finish(!r.catalogue.is_quarantined_after(after));
    };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::runs(call c) {
    auto const limit = limit_of(c);
    if (!limit) co_return answer_of(limit.error());
    auto const from = place_in(numbered::runs, query_or(c, "cursor"));
    if (!from) co_return answer_of(wrong_cursor());
    auto job = [limit = *limit, before = *from](store::reader& r) -> outcome<std::string> {
        list_page page{limit};
        auto const rows = r.passes.before(before, limit + 1);
        for (auto const& row : rows) {
            page.look(cursor_of(numbered::runs, row.no), true, [&](json_writer& w) { write_run(w, row); });
        }
        return page.finish(true);
    };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::activity(call c) {
    auto const name = query_or(c, "over", "hour");
    // It has a default, so one that is empty was said.
    if (auto wrong = not_among("over", name, activity_spans()); !wrong.empty()) {
        co_return answer_of(bad_field("/over", std::move(wrong)));
    }
    auto job = [name, now = to_millis(time_.wall())](store::reader& r) -> outcome<std::string> {
        return activity_json(r, name, now);
    };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::brake(call) {
    auto view = std::make_shared<brake_view>();
    for (bool more = true; more;) {
        auto step = [view, l = lens_](store::reader& r) -> result<bool> {
            store::reader::snapshot const now{r};
            return view->step(r, *l);
        };
        auto done = co_await reader_.run(std::move(step));
        if (!done) co_return answer_of(problem_of(done.error()));
        more = *done;
    }
    auto job = [view](store::reader& r) -> outcome<std::string> { return view->finish(r); };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::configuration(call) {
    json_writer w;
    w.begin_object().key("items").begin_array();
    for (auto const& v : config::show(config_)) {
        w.begin_object().key("key").text(v.name).key("value").text(v.value).key("origin").text(v.origin).end_object();
    }
    w.end_array().key("file").maybe_text(config_.file).end_object();
    answer a;
    a.body = w.take();
    co_return a;
}

}  // namespace traitsync::admin
