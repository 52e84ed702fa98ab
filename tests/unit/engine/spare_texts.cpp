#include "../../../src/engine/spare_texts.hpp"

#include <boost/test/unit_test.hpp>

using traitsync::engine::spare_texts;

BOOST_AUTO_TEST_SUITE(spare_texts_of_the_engine)

BOOST_AUTO_TEST_CASE(the_largest_is_taken_first_and_the_smallest_goes_when_there_are_too_many) {
    spare_texts texts{2, 10'000};
    BOOST_TEST(texts.take().capacity() < 100U);
    for (std::size_t const size : {3'000U, 1'000U, 2'000U}) texts.give_back(std::string(size, 'x'));
    BOOST_TEST(texts.take().capacity() >= 3'000U);
    auto const second = texts.take().capacity();
    BOOST_TEST((second >= 2'000U && second < 3'000U));
    BOOST_TEST(texts.take().capacity() < 100U);
}

BOOST_AUTO_TEST_CASE(a_larger_one_than_is_worth_keeping_is_not_kept) {
    spare_texts texts{2, 10'000};
    texts.give_back(std::string(10'001, 'x'));
    BOOST_TEST(texts.take().capacity() < 100U);
    texts.give_back(std::string(10'000, 'x'));
    BOOST_TEST(texts.take().capacity() == 10'000U);
}

BOOST_AUTO_TEST_SUITE_END()
