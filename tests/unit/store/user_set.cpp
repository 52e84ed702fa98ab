#include "traitsync/store/user_set.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <set>

BOOST_AUTO_TEST_SUITE(set_of_users)

BOOST_AUTO_TEST_CASE(it_walks_counts_and_compares_like_a_set_of_numbers) {
    std::mt19937 dice{7};
    traitsync::store::user_set a, b;
    std::set<std::int64_t> in_a, in_b;
    for (int i = 0; i < 3000; ++i) {
        auto const no = static_cast<std::int64_t>(dice() % 300'000) + 1;
        if (dice() % 2 != 0) {
            a.add(no);
            in_a.insert(no);
        }
        if (dice() % 2 != 0) {
            b.add(no);
            in_b.insert(no);
        }
    }
    BOOST_TEST(a.size() == static_cast<std::int64_t>(in_a.size()));
    std::set<std::int64_t> walked;
    std::int64_t after = 0;
    while (auto const next = a.next(after)) {
        BOOST_TEST(*next > after);
        walked.insert(*next);
        after = *next;
    }
    BOOST_TEST((walked == in_a));
    std::int64_t missing = 0;
    for (auto const no : in_b) {
        if (!in_a.contains(no)) ++missing;
        BOOST_TEST(b.has(no));
    }
    BOOST_TEST(a.missing_from(b) == missing);
}

BOOST_AUTO_TEST_CASE(borders_of_its_chunks_are_kept) {
    traitsync::store::user_set s;
    for (std::int64_t const no : {1, 65'535, 65'536, 131'071, 131'072}) s.add(no);
    BOOST_TEST(s.next(1).value() == 65'535);
    BOOST_TEST(s.next(65'535).value() == 65'536);
    BOOST_TEST(s.next(65'536).value() == 131'071);
    BOOST_TEST(!s.next(131'072).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
