// Documents read together with a page: whatever is written meanwhile, the answers must be those of the store.
#include <boost/test/unit_test.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/core.h>

#include <random>

#include "support/temp_dir.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;

std::string id_of(unsigned n) { return fmt::format("d{:02}", n); }

struct a_store_of_documents {
    test::temp_dir folder;
    store::session s{store::database::open((folder / "store.db").string()).value()};

    void put(std::string const& id, std::int64_t user_no, std::string const& raw = "0123456789abcdef") {
        s.profiles.put_document(id, {.user_no = user_no, .raw = raw, .content = 7});
    }
    std::string answer(std::string const& id) {
        auto const row = s.profiles.document(id);
        return row ? fmt::format("{} {} {} {}", row->user_no, row->raw, row->content, row->lacking.bits()) : "none";
    }
    std::string stored(std::string const& id) {
        SQLite::Statement row{s.file().connection(), "SELECT user_no, raw, content FROM documents WHERE doc_id = ?"};
        row.bind(1, id);
        if (!row.executeStep()) return "none";
        std::string raw = row.getColumn(1).getString();
        unsigned lacking = 0;
        if (raw.starts_with("lacks")) lacking = static_cast<unsigned>(std::stoul(raw.substr(5))), raw.clear();
        return fmt::format("{} {} {} {}", row.getColumn(0).getInt(), raw, row.getColumn(2).getInt(), lacking);
    }
    std::string ids(std::string const& after, std::string const& last) {
        std::string all;
        s.profiles.each_document(after, last, [&](std::string_view id) { all += std::string{id} + " "; });
        return all;
    }
    std::string stored_ids(std::string const& after, std::string const& last) {
        SQLite::Statement row{s.file().connection(),
                              "SELECT doc_id FROM documents WHERE doc_id > ? AND doc_id <= ? ORDER BY doc_id"};
        row.bind(1, after);
        row.bind(2, last);
        std::string all;
        while (row.executeStep()) all += row.getColumn(0).getString() + " ";
        return all;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(documents_ahead, a_store_of_documents)

BOOST_AUTO_TEST_CASE(answers_are_those_of_the_store_whatever_is_written_meanwhile) {
    constexpr unsigned ids_there = 30;
    for (unsigned seed = 0; seed < 300; ++seed) {
        std::mt19937 random{seed};
        auto const pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
        store::session::transaction tx{s};
        s.file().connection().exec("DELETE FROM documents");
        for (unsigned i = 0; i < ids_there; ++i) {
            if (pick(3) > 0) put(id_of(i), i);
        }
        auto const first = pick(ids_there), last = first + pick(ids_there - first);
        store::profiles::read_ahead ahead{s.profiles, id_of(first), id_of(last), pick(4) == 0 ? 5U : 60U};
        for (int step = 0; step < 40; ++step) {
            auto const id = id_of(pick(ids_there));
            switch (pick(8)) {
                case 0:
                    put(id, 100 + step, pick(2) == 0 ? "" : "fedcba9876543210");
                    break;
                case 1:
                    s.profiles.put_document(
                        id, {.user_no = step, .raw = {}, .content = 1, .lacking = profile::trait_set{6}}, true);
                    break;
                case 2:
                    s.profiles.set_raw(id, "ffffffffffffffff");
                    break;
                case 3:
                    s.profiles.look_again(id);
                    break;
                case 4:
                    s.profiles.remove_document(id);
                    break;
                default:
                    break;
            }
            // In order, as a page asks, or anywhere.
            auto const asked = pick(2) == 0 ? id_of(static_cast<unsigned>(step) % ids_there) : id_of(pick(ids_there));
            BOOST_TEST_CONTEXT("seed " << seed << ", step " << step << ", " << asked) {
                BOOST_TEST(answer(asked) == stored(asked));
                BOOST_TEST(ids(id_of(first), id_of(last)) == stored_ids(id_of(first), id_of(last)));
                BOOST_TEST(ids(id_of(first), asked) == stored_ids(id_of(first), asked));
            }
        }
        tx.commit();
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_answered_from_memory_afterwards) {
    put(id_of(1), 1);
    {
        store::profiles::read_ahead const ahead{s.profiles, "", id_of(9), 10};
        BOOST_TEST(answer(id_of(1)) == stored(id_of(1)));
    }
    s.file().connection().exec("UPDATE documents SET user_no = 5");
    BOOST_TEST(answer(id_of(1)) == stored(id_of(1)));
    BOOST_TEST(answer(id_of(1)).starts_with("5 "));
}

BOOST_AUTO_TEST_SUITE_END()
