#include "base/quantity.hh"

#include <gtest/gtest.h>

namespace hopyard {
namespace {

using namespace std::chrono_literals;

TEST(Duration, CarriesItsUnit) {
  EXPECT_EQ(parse_duration("20ms"), 20ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("250us"), 250us);
  EXPECT_EQ(parse_duration("100ns"), 100ns);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("0ms"), 0ms);
  for (const char* text : {"", "20", "ms", "20 ms", "20MS", "20sec", "-1s", "1e3s", "nans", "infs", "0x1s",
                           "3000000h", "1.2.3s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, IsShownInTheLargestUnitThatShowsItWell) {
  EXPECT_EQ(duration_text(20ms), "20ms");
  EXPECT_EQ(duration_text(1500ms), "1.5s");
  EXPECT_EQ(duration_text(0ms), "0ns");
  EXPECT_EQ(duration_text(90min), "5400s");
  EXPECT_EQ(duration_text(1234567ns), "1234.567us");
}

TEST(Rate, IsInBitsPerSecond) {
  EXPECT_EQ(parse_rate("50mbit"), 50'000'000U);
  EXPECT_EQ(parse_rate("1gbit"), 1'000'000'000U);
  EXPECT_EQ(parse_rate("64kbit"), 64'000U);
  EXPECT_EQ(parse_rate("9600bit"), 9600U);
  EXPECT_EQ(parse_rate("2.5tbit"), 2'500'000'000'000U);
  for (const char* text : {"50", "50mbps", "50Mbit", "50mib", "-1bit", "10000000tbit"})
    EXPECT_FALSE(parse_rate(text)) << text;
  EXPECT_EQ(rate_text(50'000'000), "50mbit");
  EXPECT_EQ(rate_text(1'500'000'000), "1.5gbit");
  EXPECT_EQ(rate_text(9600), "9.6kbit");
  EXPECT_EQ(rate_text(10'000'000'001), "10000000.001kbit") << "read back, it is the same";
  EXPECT_EQ(rate_text(1'234'567'891), "1234567.891kbit");
}

TEST(Percent, IsAShareOfOne) {
  EXPECT_DOUBLE_EQ(*parse_percent("0.1%"), 0.001);
  EXPECT_EQ(parse_percent("100%"), 1.0);
  EXPECT_EQ(parse_percent("0%"), 0.0);
  for (const char* text : {"0.1", "100.1%", "-1%", "%", "5 %"}) EXPECT_FALSE(parse_percent(text)) << text;
  EXPECT_EQ(percent_text(0.001), "0.1%");
  EXPECT_EQ(percent_text(1), "100%");
}

TEST(Bytes, AreWholeAndCountedInPowersOfTwo) {
  EXPECT_EQ(parse_bytes("1500"), 1500U);
  EXPECT_EQ(parse_bytes("64KiB"), 65536U);
  EXPECT_EQ(parse_bytes("1.5KiB"), 1536U);
  EXPECT_EQ(parse_bytes("2GiB"), 2147483648U);
  for (const char* text : {"1.5", "64KB", "64k", "64kib", "-1", ""}) EXPECT_FALSE(parse_bytes(text)) << text;
  EXPECT_EQ(bytes_text(536870912), "512MiB");
  EXPECT_EQ(bytes_text(1500), "1500");
}

}  // namespace
}  // namespace hopyard
