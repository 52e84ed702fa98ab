// Sending again: preview, start, progress, cancel.

#include <charconv>

#include "api.hpp"
#include "body_reader.hpp"
#include "json_writer.hpp"
#include "list_page.hpp"
#include "replay_order.hpp"
#include "traitsync/core/sha256.hpp"
#include "url_text.hpp"

namespace traitsync::admin {
namespace {

// A preview of a million profiles keeps the reading thread busy for some ten seconds, in small steps.
constexpr int most_surveys = 4;
// Without segment.rate_limit: what an ordinary line carries.
constexpr std::int64_t assumed_rate = 2000;

std::optional<std::int64_t> replay_number(std::string const& text) {
    std::int64_t n = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (failed != std::errc{} || end != text.data() + text.size() || n <= 0) return std::nullopt;
    return n;
}

problem no_such_replay() { return not_found("there is no replay with this id"); }

// What was looked at, or a part of it; or what is wrong with the order.
std::optional<problem> narrow_to_preview(replay_order& order, store::preview_row const& preview) {
    auto again = order_of(preview.selector);
    if (!again) return again.error();
    auto const traits = order.limits_traits ? order.which.traits : again->which.traits;
    if (!(traits - again->which.traits).empty()) {
        return bad_field("/traits", "the preview was made without some of these: make another one");
    }
    if (!order.has_selector) order.which = std::move(again->which);
    order.which.traits = traits;
    return std::nullopt;
}

std::optional<problem> change_since(store::user_set const& previewed, store::user_set const& users) {
    auto const joined = previewed.missing_from(users);
    auto const left = users.missing_from(previewed);
    if (joined == 0 && left == 0) return std::nullopt;
    auto differs = conflict("the profiles that match have changed since the preview: look at a new one");
    differs.numbers = {{"joined", joined}, {"left", left}};
    return differs;
}

}  // namespace

std::int64_t api::seconds_for(std::int64_t messages) const {
    auto const limit = config_.values.segment.rate_limit;
    auto const rate = limit > 0 ? limit : assumed_rate;
    return (std::max<std::int64_t>(messages, 0) + rate - 1) / rate;
}

std::string api::replay_json(store::replay_row const& row, std::int64_t parked) const {
    auto const done = row.done + parked;
    auto const running = row.state == store::replay_state::running;
    auto const messages = std::max(row.messages, done);
    json_writer w;
    w.begin_object();
    w.key("id").text(std::to_string(row.no));
    w.key("state").text(store::name_of(row.state));
    w.key("profiles").number(row.profiles);
    w.key("messages").number(messages);
    w.key("bytes").number(row.bytes);
    w.key("done").number(done);
    w.key("estimated_seconds").number(running ? seconds_for(messages - done) : 0);
    w.key("created_at").time(row.created);
    w.key("ended_at").time(row.ended);
    w.key("selector").raw(row.selector);
    w.key("error").text_or_null(row.error);
    w.end_object();
    return w.take();
}

boost::asio::awaitable<outcome<std::shared_ptr<engine::replay_survey>>> api::survey(engine::replay_selector which,
                                                                                    engine::counting how) {
    if (surveys_ >= most_surveys) {
        co_return problem{.status = 429,
                          .code = "too_many",
                          .title = "Too many at once",
                          .detail = "other replays are being counted at the moment: ask again in some seconds",
                          .headers = {{"Retry-After", "5"}}};
    }
    ++surveys_;
    struct counted {
        int& n;
        ~counted() { --n; }
    } const guard{surveys_};
    auto const now = to_millis(time_.wall());
    auto found =
        std::make_shared<engine::replay_survey>(std::move(which), how, lens_->steps, lens_->nested_nulls(), now);
    for (bool more = true; more;) {
        // The survey refers to the rules.
        auto step = [found, rules = lens_](store::reader& r) -> result<bool> {
            store::reader::snapshot const moment{r};
            return found->step(r);
        };
        auto done = co_await reader_.run(std::move(step));
        if (!done) co_return problem_of(done.error());
        more = *done;
    }
    co_return found;
}

// Who asks for a forgotten person brings their id: it is not stored again.
boost::asio::awaitable<result<engine::replay_selector>> api::without_forgotten(engine::replay_selector which) {
    auto job = [which = std::move(which)](store::reader& r) -> result<engine::replay_selector> {
        auto kept = which;
        r.forgotten.recount();
        for (auto& id : kept.user_ids) {
            if (r.forgotten.has_user(id)) id = store::forgotten_name;
        }
        return kept;
    };
    auto kept = co_await reader_.run(std::move(job));
    co_return kept;
}

struct api::looked_at {
    store::preview_row row;
    store::user_set users;
};

boost::asio::awaitable<outcome<api::looked_at>> api::preview_named(std::string token) {
    auto job = [token = std::move(token)](store::reader& r) -> result<std::optional<looked_at>> {
        store::reader::snapshot const now{r};
        auto row = r.replays.preview(token);
        if (!row) return std::nullopt;
        return looked_at{std::move(*row), r.replays.preview_users(token)};
    };
    auto known = co_await reader_.run(std::move(job));
    if (!known) co_return problem_of(known.error());
    if (!*known) {
        co_return bad_field("/preview_token", "this preview is not known, or older than a day: make another one");
    }
    co_return std::move(**known);
}

// A dry run's answer; whoever saw it may send just that.
boost::asio::awaitable<answer> api::show_preview(std::shared_ptr<engine::replay_survey> found,
                                                 engine::replay_selector which,
                                                 std::shared_ptr<store::user_set const> users) {
    store::preview_row row;
    row.token = random_hex(16);
    row.created = to_millis(time_.wall());
    row.selector = selector_json(which);
    row.profiles = found->profiles();
    row.messages = found->messages();
    row.bytes = found->bytes();
    auto const token = row.token;
    auto stored = co_await engine_.operate().keep_preview(std::move(row), std::move(users), std::move(which.user_ids));
    if (!stored) co_return answer_of(problem_of(stored.error()));
    json_writer w;
    w.begin_object();
    w.key("profiles").number(found->profiles());
    w.key("messages").number(found->messages());
    w.key("bytes").number(found->bytes());
    w.key("estimated_seconds").number(seconds_for(found->messages()));
    w.key("sample").begin_array();
    for (auto const& body : found->sample()) w.raw(body);
    w.end_array();
    w.key("preview_token").text(token);
    w.end_object();
    answer a;
    a.body = w.take();
    co_return a;
}

boost::asio::awaitable<answer> api::begin_replay(call c, store::replay_row row,
                                                 std::shared_ptr<store::user_set const> users,
                                                 std::vector<std::string> named) {
    // The answer is kept with the row: after a crash a repeated request finds it and starts nothing.
    auto keep = [this, key = c.idempotency_key, path = c.path,
                 digest = sha256_hex(c.body)](store::replay_row const& made) -> std::optional<store::kept_answer> {
        if (!key) return std::nullopt;
        store::kept_answer a;
        a.key = *key;
        a.route = path;
        a.request = digest;
        a.created = made.created;
        a.status = 202;
        a.location = "/v1/replays/" + std::to_string(made.no);
        a.body = replay_json(made, 0);
        return a;
    };
    auto started =
        co_await engine_.operate().start_replay(std::move(row), std::move(users), std::move(named), std::move(keep));
    if (!started) co_return answer_of(problem_of(started.error()));
    answer a{.status = 202};
    a.headers.emplace_back("Location", "/v1/replays/" + std::to_string(started->no));
    a.body = replay_json(*started, 0);
    co_return a;
}

boost::asio::awaitable<answer> api::start_replay(call c) {
    auto order = order_of(c.body);
    if (!order) co_return answer_of(order.error());
    std::optional<looked_at> preview;
    if (order->preview_token && !order->dry_run) {
        auto known = co_await preview_named(*order->preview_token);
        if (!known) co_return answer_of(known.error());
        preview = std::move(*known);
        if (auto const wrong = narrow_to_preview(*order, preview->row)) co_return answer_of(*wrong);
    }
    auto kept = co_await without_forgotten(order->which);
    if (!kept) co_return answer_of(problem_of(kept.error()));
    // A preview and what is compared with one are exact.
    auto const how = order->dry_run || preview ? engine::counting::exact : engine::counting::reckoned;
    auto surveyed = co_await survey(order->which, how);
    if (!surveyed) co_return answer_of(surveyed.error());
    auto const found = *surveyed;
    auto const users = std::make_shared<store::user_set const>(found->users());

    if (order->dry_run) {
        auto shown = co_await show_preview(found, std::move(*kept), users);
        co_return shown;
    }
    if (preview) {
        if (auto const changed = change_since(preview->users, *users)) co_return answer_of(*changed);
    }
    store::replay_row row;
    row.selector = selector_json(*kept);
    row.traits = order->which.traits;
    row.profiles = found->profiles();
    row.messages = found->messages();
    row.bytes = found->bytes();
    auto begun = co_await begin_replay(std::move(c), std::move(row), users, std::move(kept->user_ids));
    co_return begun;
}

boost::asio::awaitable<answer> api::replays(call c) {
    auto const limit = limit_of(c);
    if (!limit) co_return answer_of(limit.error());
    auto const from = place_in(numbered::replays, query_or(c, "cursor"));
    if (!from) co_return answer_of(bad_field("/cursor", "the cursor is not one of this list"));
    auto job = [this, limit = *limit, before = *from](store::reader& r) -> outcome<std::string> {
        list_page page{limit};
        // One at a time: a selector may name ten thousand people.
        for (auto at = before; page.may_look();) {
            auto const rows = r.replays.before(at, 1);
            if (rows.empty()) return page.finish(true);
            auto const& row = rows.front();
            auto const parked = row.state == store::replay_state::running ? r.replays.count_claims(row.no).parked : 0;
            page.look(cursor_of(numbered::replays, row.no), true,
                      [&](json_writer& w) { w.raw(replay_json(row, parked)); });
            at = row.no;
        }
        return page.finish(false);
    };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::replay(call c) {
    auto const number = replay_number(c.values.front());
    if (!number) co_return answer_of(no_such_replay());
    auto job = [this, no = *number](store::reader& r) -> outcome<std::string> {
        auto const row = r.replays.find(no);
        if (!row) return no_such_replay();
        auto const parked = row->state == store::replay_state::running ? r.replays.count_claims(no).parked : 0;
        return replay_json(*row, parked);
    };
    auto a = co_await look(std::move(job));
    co_return a;
}

boost::asio::awaitable<answer> api::cancel_replay(call c) {
    auto r = body_reader::parse(c.body, {}, true);
    if (!r) co_return answer_of(r.error());
    if (!r->ok()) co_return answer_of(r->problems());
    auto const number = replay_number(c.values.front());
    if (!number) co_return answer_of(no_such_replay());
    auto row = co_await engine_.operate().cancel_replay(*number);
    if (!row) co_return answer_of(problem_of(row.error()));
    answer a;
    a.body = replay_json(*row, 0);
    co_return a;
}

}  // namespace traitsync::admin
