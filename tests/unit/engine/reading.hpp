#pragma once
// Pages read into a real store, without any service.

#include <boost/test/unit_test.hpp>

#include <fmt/core.h>
#include <fmt/format.h>

#include <SQLiteCpp/Database.h>

#include "../../../src/engine/pass_book.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/engine/ingest.hpp"
#include "traitsync/moesif/page.hpp"
#include "traitsync/store/session.hpp"

namespace traitsync::test {

struct reading {
    temp_dir folder;
    store::session s{store::database::open((folder / "store.db").string()).value()};
    config::trait_settings settings;
    engine::ingest rules{settings};
    std::int64_t now = 1'790'000'000'000;
    bool first_sync = false;  // of the next passes

    explicit reading(config::trait_settings asked = {.brake_min = 5}) : settings{std::move(asked)} {
        BOOST_REQUIRE(rules.prepare(s).has_value());
    }

    static std::string document(std::string const& id, std::string const& name, int minute) {
        return fmt::format(
            R"({{"_id":"{0}","_source":{{"user_id":"{0}","name":"{1}","modified_time":"2026-11-01T00:{2:02}:00.000"}})"
            R"(,"sort":["{0}"]}})",
            id, name, minute);
    }
    void read_page(store::pass_row& row, std::vector<std::string> const& documents) {
        auto const body = fmt::format(R"({{"took":1,"timed_out":false,"hits":{{"total":{},"hits":[{}]}}}})",
                                      documents.size(), fmt::join(documents, ","));
        auto const page = moesif::split_page(body);
        BOOST_REQUIRE(page.has_value());
        auto const read = rules.page(s, row, *page, ++now);
        BOOST_REQUIRE_MESSAGE(read.has_value(), read.error().what);
    }
    // One page and the end of its pass.
    store::pass_row pass(store::pass_kind kind, std::vector<std::string> const& documents,
                         store::pass_stage stage = store::pass_stage::users) {
        store::pass_row row{.kind = kind, .stage = stage, .first_sync = first_sync, .started = ++now};
        {
            store::session::transaction tx{s};
            row.no = s.passes.add(row);
            tx.commit();
        }
        read_page(row, documents);
        if (kind == store::pass_kind::full) {
            for (std::optional<std::string> after{row.last_key}; after;)
                after = rules.note_missing(s, row, *after).value();
        }
        store::session::transaction tx{s};
        row.ended = ++now;
        s.passes.save(row);
        tx.commit();
        return row;
    }

    store::pass_row begun(store::pass_kind kind = store::pass_kind::full,
                          store::pass_stage stage = store::pass_stage::users) {
        store::pass_row row{.kind = kind, .stage = stage, .started = ++now};
        store::session::transaction tx{s};
        row.no = s.passes.add(row);
        tx.commit();
        return row;
    }
    void settle(store::pass_row const& row) {
        for (std::optional<engine::settling> next{engine::settling{}}; next;)
            next = engine::settle_pass_messages(s, row, *next).value();
    }
    int messages(std::string const& where) {
        return s.file().connection().execAndGet("SELECT count(*) FROM messages WHERE " + where).getInt();
    }

    // As it stands in the store, with its quotes; "gone" where there is none.
    std::string name_of(std::string const& id) {
        auto const user = s.profiles.user_by_id(id);
        if (!user || user->gone_at) return "gone";
        auto const source = s.profiles.source(user->no);
        BOOST_REQUIRE(source.has_value());
        auto const view = store::decode_source(source->data);
        return std::string{view.texts[profile::index_of(profile::trait::name)]};
    }
};

}  // namespace traitsync::test
