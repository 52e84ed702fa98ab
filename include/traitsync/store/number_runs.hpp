#pragma once
// Numbers that follow each other: one statement reads or writes them all.

#include <cstddef>
#include <cstdint>
#include <span>

namespace traitsync::store {

// Behind the last of the consecutive numbers that begin here.
inline std::size_t end_of_run(std::span<std::int64_t const> numbers, std::size_t begin) {
    auto end = begin + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
    return end;
}

// The first one behind `through`, from `begin` on.
inline std::size_t first_behind(std::span<std::int64_t const> numbers, std::size_t begin, std::int64_t through) {
    while (begin < numbers.size() && numbers[begin] <= through) ++begin;
    return begin;
}

}  // namespace traitsync::store
