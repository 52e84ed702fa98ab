// Search by prefix: what is found must not depend on whether a profile's keys were entered already.
#include "traitsync/store/lookups.hpp"

#include <boost/test/unit_test.hpp>

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>

#include "steps_of_sqlite.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
using store::lookups;

constexpr int enough_to_enter = 16'384;

struct a_store_of_keys {
    test::temp_dir folder;
    store::session s{store::database::open((folder / "store.db").string()).value()};

    void add(int no, std::string const& name, std::string const& email) {
        s.lookups.change(no, {}, {.name = name, .email = email});
    }
    int waiting() { return s.file().connection().execAndGet("SELECT count(*) FROM lookups_new").getInt(); }
    std::string found(std::string const& prefix, int page = 2) {
        std::string all;
        lookups::hit last;
        for (;;) {
            auto const hits = s.lookups.find(prefix, last, page);
            for (auto const& hit : hits) all += fmt::format("{}:{} ", hit.key, hit.user_no);
            if (static_cast<int>(hits.size()) < page) return all;
            last = hits.back();
        }
    }
    void enter_all() {
        store::session::transaction tx{s};
        s.lookups.enter();
        tx.commit();
    }
    // What the file holds of a user, whether or not a search shows it.
    std::string kept_of(int no) {
        return s.file()
            .connection()
            .execAndGet(fmt::format(
                "SELECT ifnull(group_concat(k, ' '), '') FROM (SELECT key AS k FROM lookups WHERE user_no = {0} "
                "UNION ALL SELECT name || ' ' || email || ' ' || entered_name || ' ' || "
                "entered_email FROM lookups_new WHERE user_no = {0})",
                no))
            .getString();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(search_keys, a_store_of_keys)

BOOST_AUTO_TEST_CASE(new_ones_and_entered_ones_are_found_in_one_order) {
    add(1, "anna", "a@example.com");
    add(2, "bert", "anna@example.com");
    enter_all();
    add(3, "anna", "");
    add(4, "anne", "anne");
    BOOST_TEST(waiting() == 2);
    auto const all = "anna:1 anna:3 anna@example.com:2 anne:4 ";
    for (int page : {1, 2, 3, 50}) BOOST_TEST(found("ann", page) == all);
    BOOST_TEST(found("b") == "bert:2 ");
    BOOST_TEST(found("c") == "");
    enter_all();
    BOOST_TEST(found("ann") == all);
}

BOOST_AUTO_TEST_CASE(a_changed_or_removed_profile_is_found_under_its_present_keys_only) {
    for (bool const entered : {false, true}) {
        auto const no = entered ? 1 : 2;
        add(no, "anna", "a@example.com");
        if (entered) enter_all();
        s.lookups.change(no, {.name = "anna", .email = "a@example.com"}, {.name = "berta", .email = "a@example.com"});
        BOOST_TEST(found("ann") == "");
        BOOST_TEST(found("bert") == fmt::format("berta:{} ", no));
        BOOST_TEST(found("a@") == fmt::format("a@example.com:{} ", no));
        s.lookups.change(no, {.name = "berta", .email = "a@example.com"}, {});
        BOOST_TEST(found("a") + found("b") == "");
    }
}

BOOST_AUTO_TEST_CASE(changed_ones_wait_and_what_they_replaced_is_passed_by_until_it_is_taken_out) {
    add(1, "anna", "a@example.com");
    add(2, "annika", "");
    enter_all();
    s.lookups.change(1, {.name = "anna", .email = "a@example.com"}, {.name = "antje", .email = "a@example.com"});
    s.lookups.change(2, {.name = "annika", .email = ""}, {.name = "", .email = "annika"});
    BOOST_TEST(waiting() == 2);
    for (int page : {1, 2, 3}) BOOST_TEST(found("a", page) == "a@example.com:1 annika:2 antje:1 ");
    s.lookups.change(1, {.name = "antje", .email = "a@example.com"}, {.name = "anna", .email = "x@example.com"});
    for (int page : {1, 2, 3}) BOOST_TEST(found("a", page) == "anna:1 annika:2 ");
    enter_all();
    BOOST_TEST(waiting() == 0);
    BOOST_TEST(found("a") + found("x") == "anna:1 annika:2 x@example.com:1 ");
    BOOST_TEST(kept_of(1) == "anna x@example.com");
    BOOST_TEST(kept_of(2) == "annika");
}

BOOST_AUTO_TEST_CASE(of_a_profile_without_keys_nothing_is_kept_however_they_were_changed_before) {
    add(1, "anna", "a@example.com");
    enter_all();
    s.lookups.change(1, {.name = "anna", .email = "a@example.com"}, {.name = "berta", .email = ""});
    s.lookups.change(1, {.name = "berta", .email = ""}, {});
    BOOST_TEST(kept_of(1) == "");
    s.lookups.change(1, {}, {.name = "carla", .email = ""});
    enter_all();
    s.lookups.change(1, {.name = "carla", .email = ""}, {});
    BOOST_TEST(kept_of(1) == "");
}

BOOST_AUTO_TEST_CASE(to_take_out_what_was_replaced_does_not_walk_over_all_the_others) {
    constexpr int many = 3000;
    {
        store::session::transaction tx{s};
        for (int i = 1; i <= many; ++i) add(i, fmt::format("name{:06}", i), fmt::format("mail{:06}", i));
        s.lookups.enter();
        tx.commit();
    }
    s.lookups.change(7, {.name = "name000007", .email = "mail000007"}, {.name = "other", .email = "mail000007"});
    std::int64_t steps = 0;
    {
        test::steps_of_sqlite const counted{s.file().connection()};
        enter_all();
        steps = counted.count();
    }
    BOOST_TEST(steps < 50);
    BOOST_TEST(kept_of(7) == "mail000007 other");
}

BOOST_AUTO_TEST_CASE(they_are_entered_when_there_are_many_and_a_step_that_fails_takes_nothing_along) {
    {
        store::session::transaction tx{s};
        for (int i = 1; i < enough_to_enter; ++i) add(i, fmt::format("name{:06}", i), "");
        tx.commit();
    }
    BOOST_TEST(waiting() == enough_to_enter - 1);
    {
        store::session::transaction undone{s};
        add(enough_to_enter, "last", "");
        BOOST_TEST(waiting() == 0);
    }
    BOOST_TEST(waiting() == enough_to_enter - 1);
    BOOST_TEST(found("last") == "");
    add(enough_to_enter, "last", "");
    BOOST_TEST(waiting() == 0);
    BOOST_TEST(found("last") == fmt::format("last:{} ", enough_to_enter));
    BOOST_TEST(found("name00001", 50) == found("name00001", 3));
}

BOOST_AUTO_TEST_SUITE_END()
