#include "message_pages.hpp"

#include <algorithm>

#include "list_page.hpp"
#include "traitsync/engine/message_preview.hpp"
#include "traitsync/store/number_runs.hpp"
#include "url_text.hpp"

namespace traitsync::admin {
namespace {

using diff::dead_reason;
using diff::message_state;
using profile::trait_at;
using profile::trait_count;
using profile::trait_set;

constexpr int some = 100;
// Numbers follow the clock at their making, but the clock may step back: a walk goes on this far below `since`.
constexpr std::int64_t clock_slack = 24LL * 3600 * 1000;

bool is_pending(message_state s) { return s == message_state::waiting || s == message_state::held; }

// What a message carries, and its body: frozen, or as it would be sent now.
struct contents {
    trait_set traits;
    std::optional<std::string> body;
    bool frozen = true;
};
contents contents_of(store::reader& r, lens const& l, store::message_row const& m, bool with_body) {
    contents c{.traits = m.traits, .body = {}};
    if (!is_pending(m.state)) {
        // Neither what was too large nor what was discarded while it waited was ever offered.
        c.frozen = m.first_offered != 0;
        if (with_body) c.body = r.accounts.body(m.no);
        return c;
    }
    c.frozen = false;
    auto const p = see(r, m.user_no);
    if (!p) return c;
    auto const found = std::ranges::find(p->account.open, m.no, &diff::message::row);
    if (found == p->account.open.end()) return c;
    c.traits = diff::contents(p->account, *found, l.steps);
    if (with_body) c.body = engine::body_now(r, p->user, p->source, p->account, *found, l.steps, l.nested_nulls());
    return c;
}

std::int64_t attempts_of(store::message_row const& m) {
    return m.attempts + (m.state == message_state::acknowledged ? 1 : 0);
}

void write_members(json_writer& w, store::reader& r, store::message_row const& m, trait_set traits,
                   std::int64_t next_attempt) {
    auto const user = r.profiles.user(m.user_no);
    auto const offered = m.state == message_state::offered;
    auto const is_dead = m.reason != dead_reason::none;
    w.key("message_id").text(m.id.text());
    w.key("user_id").text(user ? user->user_id : "");
    w.key("state").text(diff::name_of(m.state));
    w.key("traits").begin_array();
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (traits.has(trait_at(i))) w.text(profile::name_of(trait_at(i)));
    }
    w.end_array();
    w.key("attempts").number(attempts_of(m));
    w.key("next_attempt_at").time_or_null(offered ? next_attempt : 0);
    w.key("last_error").text_or_null(offered || is_dead || m.state == message_state::acknowledged ? m.answer : "");
    w.key("created_at").time(m.created);
    w.key("first_offered_at").time_or_null(m.first_offered);
    w.key("acknowledged_at").time_or_null(m.state == message_state::acknowledged ? m.settled : 0);
}

void write_end(json_writer& w, store::message_row const& m) {
    auto const is_dead = m.reason != dead_reason::none;
    w.key("reason").text_or_null(diff::name_of(m.reason));
    w.key("answer").text_or_null(is_dead ? m.answer : "");
    w.key("settled_at").time_or_null(m.settled);
}

}  // namespace

std::vector<std::string> const& message_states() {
    static std::vector<std::string> const names{diff::message_state_names().begin(), diff::message_state_names().end()};
    return names;
}

std::vector<std::string> const& dead_reasons() {
    static std::vector<std::string> const names{diff::dead_reason_names().begin(), diff::dead_reason_names().end()};
    return names;
}

void write_message(json_writer& w, store::reader& r, lens const& l, delivery_now const& now,
                   store::message_row const& m) {
    auto const c = contents_of(r, l, m, false);
    w.begin_object();
    write_members(w, r, m, c.traits, now.next_attempt(m.next_attempt));
    w.end_object();
}

outcome<std::string> list_messages(store::reader& r, lens const& l, delivery_now const& now, message_filter const& f) {
    auto const from = place_in(numbered::messages, f.cursor);
    if (!from) return wrong_cursor();
    std::optional<std::int64_t> user_no;
    list_page page{f.limit};
    if (f.user_id) {
        auto const user = r.profiles.user_by_id(*f.user_id);
        if (!user) return page.finish(true);
        user_no = user->no;
    }
    auto before = *from;
    bool exhausted = false;
    while (page.may_look() && !exhausted) {
        auto const found = r.catalogue.messages(f.state, user_no, before, some, page.may_pass());
        for (auto const& m : found.rows) {
            if (!page.may_look()) return page.finish(false);
            if (f.since && m.created < *f.since - clock_slack) return page.finish(true);
            page.look(cursor_of(numbered::messages, m.no), !f.since || m.created >= *f.since,
                      [&](json_writer& w) { write_message(w, r, l, now, m); });
        }
        page.pass(cursor_of(numbered::messages, found.last), found.looked);
        before = found.last;
        exhausted = !found.more;
    }
    return page.finish(exhausted);
}

outcome<std::string> show_message(store::reader& r, lens const& l, delivery_now const& now, message_id const& id) {
    auto const m = r.catalogue.message(id);
    if (!m) return not_found("there is no message with this id; closed messages are kept for store.history_days");
    auto const c = contents_of(r, l, *m, true);
    json_writer w;
    w.begin_object();
    write_members(w, r, *m, c.traits, now.next_attempt(m->next_attempt));
    write_end(w, *m);
    w.key("frozen").boolean(c.frozen);
    w.key("body").raw(c.body ? *c.body : "null");
    w.end_object();
    return w.take();
}

outcome<std::string> list_dead(store::reader& r, lens const& l, std::optional<dead_reason> reason, int limit,
                               std::string const& cursor) {
    auto const from = place_in(numbered::dead_letters, cursor);
    if (!from) return wrong_cursor();
    list_page page{limit};
    auto after = *from;
    bool exhausted = false;
    while (page.may_look() && !exhausted) {
        auto const found = r.catalogue.dead(reason, after, some, page.may_pass());
        for (auto const& m : found.rows) {
            if (!page.may_look()) return page.finish(false);
            page.look(cursor_of(numbered::dead_letters, m.no), true, [&](json_writer& w) {
                auto const c = contents_of(r, l, m, true);
                w.begin_object();
                write_members(w, r, m, c.traits, 0);
                write_end(w, m);
                w.key("body").raw(c.body ? *c.body : "null");
                w.end_object();
            });
        }
        page.pass(cursor_of(numbered::dead_letters, found.last), found.looked);
        after = found.last;
        exhausted = !found.more;
    }
    return page.finish(exhausted);
}

bool brake_view::step(store::reader& r, lens const& l) {
    auto const rows = r.catalogue.users_of_messages(message_state::held, after_, some);
    std::vector<std::int64_t> users;
    for (auto const& row : rows) users.push_back(row.user_no);
    if (!rows.empty()) after_ = rows.back().at;
    // There may be a million, of users in a row for the most part: they are read together, and texts for the samples
    // alone.
    store::read_by_runs(users, users.size(), [&](std::int64_t first, std::int64_t last) {
        auto const read = r.accounts.load_known(first, last, known_);
        for (std::size_t i = 0; i < read.count; ++i) look_at(r, l, known_[i].account);
        return read.through;
    });
    return static_cast<int>(rows.size()) == some;
}

void brake_view::look_at(store::reader& r, lens const& l, diff::account& a) {
    auto const* m = a.pending();
    if (m == nullptr || m->state != message_state::held) return;
    ++held_;
    if (m->pass != 0) passes_.insert(m->pass);
    auto const marked = m->marked();
    auto set = diff::contents(a, *m, l.steps);
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (!set.has(trait_at(i))) continue;
        // An `always` trait that only goes along is no difference.
        if (!a.slots[i].differs() && !marked.has(trait_at(i))) {
            set.remove(trait_at(i));
            continue;
        }
        ++traits_[i].all;
        if (a.slots[i].wanted.state != diff::known::form::value) ++traits_[i].nulls;
    }
    if (samples_.size() >= most_samples || sample_bytes_ >= list_page::most_bytes) return;
    auto const p = see(r, a.user_no);
    if (!p) return;
    json_writer w;
    w.begin_object().key("user_id").text(p->user.user_id).key("message_id").text(m->id.text());
    w.key("traits").begin_array();
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (!set.has(trait_at(i))) continue;
        auto const& s = p->account.slots[i];
        w.begin_object().key("trait").text(profile::name_of(trait_at(i)));
        w.key("segment_value").raw(json_of(r, s, s.acknowledged));
        w.key("moesif_value").raw(json_of(r, s, s.wanted)).end_object();
    }
    w.end_array().end_object();
    samples_.push_back(w.take());
    sample_bytes_ += samples_.back().size();
}

std::string brake_view::finish(store::reader& r) {
    json_writer w;
    w.begin_object();
    w.key("state").text(held_ > 0 ? "closed" : "open");
    w.key("held").number(held_);
    w.key("run");
    // The one on which the brake closed; later passes may have changed what it holds.
    std::optional<store::pass_row> pass;
    for (auto no = passes_.rbegin(); no != passes_.rend() && !(pass && pass->brake_closed); ++no) {
        if (auto found = r.passes.find(*no); found && (found->brake_closed || !pass)) pass = std::move(found);
    }
    if (pass) {
        write_run(w, *pass);
    } else {
        w.null();
    }
    w.key("traits").begin_array();
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (traits_[i].all == 0) continue;
        w.begin_object().key("trait").text(profile::name_of(trait_at(i))).key("count").number(traits_[i].all);
        w.key("nulls").number(traits_[i].nulls).end_object();
    }
    w.end_array();
    w.key("samples").begin_array();
    for (auto const& s : samples_) w.raw(s);
    w.end_array().end_object();
    return w.take();
}

void write_run(json_writer& w, store::pass_row const& p) {
    w.begin_object();
    w.key("id").number(p.no);
    w.key("kind").text(store::name_of(p.kind));
    w.key("state").text(p.started == 0 ? "queued" : !p.ended ? "running" : p.error.empty() ? "done" : "failed");
    w.key("started").time_or_null(p.started);
    w.key("ended").time(p.ended);
    w.key("pages").number(p.pages);
    w.key("read").number(p.read);
    w.key("changed").number(p.changed);
    w.key("queued").number(p.queued);
    w.key("quarantined").number(p.quarantined);
    w.key("gone").number(p.gone);
    w.key("forgotten").number(p.forgotten);
    w.key("error").text_or_null(p.error);
    w.end_object();
}

}  // namespace traitsync::admin
