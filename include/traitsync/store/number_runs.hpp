#pragma once
// Numbers that follow each other: one statement reads or writes them all.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace traitsync::store {

// Behind the last of the consecutive numbers that begin here.
inline std::size_t end_of_run(std::span<std::int64_t const> numbers, std::size_t begin) {
    auto end = begin + 1;
    while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
    return end;
}

// Reads what stands under all the numbers, given in any order: they are sorted, and `read(first, last)`, a run of at
// most `most` of them, returns the number up to which it came, at least `first`.
template <class Read>
void read_by_runs(std::vector<std::int64_t>& numbers, std::size_t most, Read read) {
    std::ranges::sort(numbers);
    auto const repeated = std::ranges::unique(numbers);
    numbers.erase(repeated.begin(), repeated.end());
    for (std::size_t begin = 0; begin < numbers.size();) {
        auto const end = std::min(end_of_run(numbers, begin), begin + most);
        std::int64_t const through = read(numbers[begin], numbers[end - 1]);
        while (begin < numbers.size() && numbers[begin] <= through) ++begin;
    }
}

}  // namespace traitsync::store
