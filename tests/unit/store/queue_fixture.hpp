#pragma once
// The queue on a real SQLite file, with users who want something sent.

#include <SQLiteCpp/Database.h>
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include "traitsync/store/session.hpp"

namespace traitsync::test {

using namespace traitsync::store;
using diff::message_state;
using profile::trait;

inline constexpr std::int64_t t0 = 1'790'000'000'000;

// Bodies that tests can read: user, then traits; a trait whose text begins with "big" fits no message, and two parts
// are made when a text begins with "half".
struct plain_writer final : message_writer {
    plan cut(draft const& d) override {
        plan p;
        profile::trait_set first, second;
        for (auto const& [name, text] : d.traits) {
            if (text.starts_with("\"big")) {
                p.too_large.push_back({name, "too large"});
            } else if (text.starts_with("\"half")) {
                second.add(name);
            } else {
                first.add(name);
            }
        }
        if (!first.empty()) p.parts.push_back(first);
        if (!second.empty()) p.parts.push_back(second);
        return p;
    }
    void write(std::string& out, draft const& d, profile::trait_set traits, message_id const&) override {
        out += std::string{d.user} + ":";
        for (auto const& [name, text] : d.traits) {
            if (traits.has(name)) out += std::string{profile::name_of(name)} + "=" + std::string{text} + ";";
        }
    }
};

struct queue_fixture {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("ts-outbox-" + std::to_string(::getpid()));
    std::unique_ptr<session> s;
    plain_writer writer;
    diff::diff_rules rules;
    std::int64_t now = t0;

    queue_fixture() {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        open();
    }
    ~queue_fixture() {
        s.reset();
        std::filesystem::remove_all(folder);
    }
    void open() {
        s.reset();
        auto db = database::open((folder / "store.db").string());
        BOOST_REQUIRE_MESSAGE(db.has_value(), (db.has_error() ? db.error().what : ""));
        s = std::make_unique<session>(std::move(*db));
    }
    void wants(std::string const& user, trait t, std::string const& text) {
        session::transaction tx{*s};
        auto row = s->profiles.user_by_id(user);
        if (!row) {
            user_row fresh{.user_id = user, .doc_id = user, .seen_at = now};
            fresh.no = s->profiles.add(fresh);
            row = fresh;
        }
        auto a = s->accounts.load(row->no, user, false);
        if (auto const source = s->profiles.source(row->no)) set_wanted_texts(a, source->data);
        profile::mapped_trait m;
        m.state = profile::mapped_trait::form::value;
        m.text = text;
        m.full = m.trigger = std::hash<std::string>{}(text) | 1U;
        diff::want(a, t, m, rules);
        diff::refresh(a, rules, {.now = ++now, .pass = 1});
        source_view view;
        for (std::size_t i = 0; i < profile::trait_count; ++i) view.texts[i] = a.slots[i].wanted.text;
        std::string bytes;
        encode_source(bytes, view);
        s->profiles.put_source(*row, 1, bytes, true);
        s->accounts.save(a);
        tx.commit();
    }
    std::vector<frozen> offer(std::size_t limit = 100, std::size_t bytes = 475'000) {
        session::transaction tx{*s};
        auto taken = s->outbox.offer(limit, bytes, writer, {rules}, ++now);
        tx.commit();
        return taken.messages;
    }
    std::vector<frozen> acknowledge(std::int64_t row) {
        session::transaction tx{*s};
        auto next = s->outbox.settle(std::array{row}, {}, ++now);
        tx.commit();
        return next;
    }
    std::int64_t count(message_state state) {
        BOOST_TEST(s->accounts.counts()[state] == s->accounts.count_state(state),
                   "the counts in memory follow the table");
        return s->accounts.counts()[state];
    }
};

}  // namespace traitsync::test
