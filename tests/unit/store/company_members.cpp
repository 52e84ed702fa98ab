// Users of a company are found exactly, entered or new, whatever happened to them.
#include <SQLiteCpp/Database.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "support/temp_dir.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::store;

struct a_store_of_members {
    test::temp_dir folder;
    std::unique_ptr<session> s;
    std::map<std::int64_t, user_row> users;  // as they should be
    int made = 0;

    a_store_of_members() { open(); }
    void open() {
        s.reset();
        auto db = database::open((folder / "store.db").string());
        BOOST_REQUIRE(db.has_value());
        s = std::make_unique<session>(std::move(*db));
    }
    void add(std::optional<std::string> company) {
        auto const id = "u" + std::to_string(++made);
        user_row row{.user_id = id, .doc_id = id, .company_id = std::move(company), .seen_at = 1};
        row.no = s->profiles.add(row);
        users[row.no] = row;
    }
    void move(std::int64_t no, std::optional<std::string> company) {
        auto const before = users.at(no);
        auto& row = users.at(no);
        row.company_id = std::move(company);
        s->profiles.update(row, before);
    }
    void remove(std::int64_t no) {
        s->profiles.remove_user(users.at(no));
        users.erase(no);
    }
    void check(std::string const& company) {
        std::vector<std::int64_t> expected;
        for (auto const& [no, row] : users) {
            if (row.company_id == company) expected.push_back(no);
        }
        BOOST_TEST_REQUIRE(s->profiles.users_of_company(company, 0, 100'000) == expected,
                           boost::test_tools::per_element());
        BOOST_TEST_REQUIRE(s->profiles.count_of_company(company) == static_cast<std::int64_t>(expected.size()));
        // In steps, as they are walked.
        std::vector<std::int64_t> walked;
        for (std::int64_t after = 0;;) {
            auto const some = s->profiles.users_of_company(company, after, 3);
            walked.insert(walked.end(), some.begin(), some.end());
            if (some.size() < 3) break;
            after = some.back();
        }
        BOOST_TEST_REQUIRE(walked == expected, boost::test_tools::per_element());
    }
    std::int64_t entered() {
        return s->file().connection().execAndGet("SELECT count(*) FROM company_members").getInt64();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(company_members, a_store_of_members)

BOOST_AUTO_TEST_CASE(after_any_steps_exactly_the_users_of_a_company_are_found) {
    std::mt19937 random{7};
    auto const company = [&]() -> std::optional<std::string> {
        auto const n = random() % 4;
        if (n == 0) return std::nullopt;
        return "c" + std::to_string(n);
    };
    auto const any = [&] {
        auto at = users.begin();
        std::advance(at, static_cast<std::ptrdiff_t>(random() % users.size()));
        return at->first;
    };
    for (int step = 0; step < 1500; ++step) {
        session::transaction tx{*s};
        auto const before = users;
        switch (users.empty() ? 0 : random() % 8) {
            case 0:
            case 1:
            case 2:
                add(company());
                break;
            case 3:
            case 4:
                move(any(), company());
                break;
            case 5:
                remove(any());
                break;
            case 6:
                remove(users.rbegin()->first);  // its number may be given again
                break;
            default:
                if (random() % 4 == 0) s->profiles.enter_members();
        }
        if (random() % 5 == 0) {
            users = before;  // rolled back
            continue;
        }
        tx.commit();
        if (step % 100 == 99) open();
        for (auto const* name : {"c1", "c2", "c3"}) check(name);
    }
    s->profiles.enter_members();
    auto const members = std::ranges::count_if(users, [](auto const& u) { return u.second.company_id.has_value(); });
    BOOST_TEST(entered() == members);
}

BOOST_AUTO_TEST_CASE(many_new_users_are_entered_together) {
    session::transaction tx{*s};
    for (int i = 0; i < 16'383; ++i) add("c" + std::to_string(i % 3));
    BOOST_TEST(entered() == 0);
    add("c0");
    BOOST_TEST(entered() == 16'384);
    add("c1");
    tx.commit();
    BOOST_TEST(entered() == 16'384);
    for (auto const* name : {"c0", "c1", "c2"}) check(name);
}

BOOST_AUTO_TEST_SUITE_END()
