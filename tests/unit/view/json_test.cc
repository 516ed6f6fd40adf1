#include <gtest/gtest.h>

#include "view/words.hh"
#include "view/writer.hh"

namespace hopyard::view {
namespace {

TEST(Json, HasAllButTheSentencesInTheOrderOfTheRecord) {
  Record record;
  record.field("zebra", "z", Cell("1 KiB", Value(1024)));
  record.sentence("only for people");
  record.fact("ant", Value(true));
  Table& table = record.table("rows", "title", {{"b", "B"}, {"a", ""}});
  table.row({"x", optional_cell("")});
  record.part("part", "more").fact("k", Value());
  EXPECT_EQ(json(record),
            "{\n  \"zebra\": 1024,\n  \"ant\": true,\n  \"rows\": [\n    {\n      \"b\": \"x\",\n      "
            "\"a\": null\n    }\n  ],\n"
            "  \"part\": {\n    \"k\": null\n  }\n}\n");
}

TEST(Json, AnEmptyTableIsAnEmptyList) {
  Record record;
  record.table("labs", "", {{"lab", "LAB"}}).when_empty("no lab is running");
  EXPECT_EQ(json(record), "{\n  \"labs\": []\n}\n");
}

TEST(Json, BytesThatAreNotUtf8AreReplaced) {
  Record record;
  record.fact("k", Value("a\xff"));
  EXPECT_EQ(json(record), "{\n  \"k\": \"a\uFFFD\"\n}\n");
}

TEST(Json, DiagnosticsCarryTheirPlace) {
  SourceMap sources;
  const auto file = sources.add("office.yaml", "lab: x\nnodse: {}\n");
  Diagnostics diagnostics;
  diagnostics.error({file, 7, 12}, "unknown key 'nodse'", "did you mean 'nodes'?");
  diagnostics.warning({}, "no way out");
  Record record;
  record.fact("d", diagnostics_value(diagnostics, sources));
  EXPECT_EQ(json(record), R"({
  "d": [
    {
      "severity": "error",
      "file": "office.yaml",
      "line": 2,
      "column": 1,
      "end_column": 6,
      "message": "unknown key 'nodse'",
      "help": "did you mean 'nodes'?"
    },
    {
      "severity": "warning",
      "file": null,
      "line": null,
      "column": null,
      "end_column": null,
      "message": "no way out",
      "help": null
    }
  ]
}
)");
}

TEST(Json, AnErrorSaysEverything) {
  const Error error{"create veth pair", "a -- b", 17, "peer name is taken", "use another"};
  EXPECT_EQ(json_text(error_value(error)), R"json({
  "message": "create veth pair a -- b: File exists (peer name is taken)",
  "doing": "create veth pair",
  "object": "a -- b",
  "errno": 17,
  "detail": "peer name is taken",
  "remedy": "use another"
}
)json");
}

TEST(Words, AnImpairmentReadsAsInALabFile) {
  net::Impairment impairment;
  EXPECT_EQ(impairment_cell(impairment).text, "");
  impairment.delay = std::chrono::milliseconds(20);
  impairment.loss = 0.01;
  impairment.rate = 50'000'000;
  impairment.seed = 0;
  EXPECT_EQ(impairment_cell(impairment).text, "delay 20ms, loss 1%, rate 50mbit, seed 0");
  EXPECT_EQ(
      json_text(impairment_cell(impairment).value),
      "{\n  \"delay\": \"20ms\",\n  \"loss\": \"1%\",\n  \"rate\": \"50mbit\",\n  \"seed\": \"0\"\n}\n");
}

TEST(Words, ARouteReadsAsIpRoutePrintsIt) {
  net::Route route;
  route.to = *Prefix::parse("0.0.0.0/0");
  route.next_hops = {{IpAddress::parse("10.0.0.1"), "eth0", 1}};
  EXPECT_EQ(route_text(route), "default via 10.0.0.1 dev eth0");
  route.next_hops.push_back({IpAddress::parse("10.0.1.1"), "eth1", 2});
  route.metric = 20;
  EXPECT_EQ(route_text(route),
            "default metric 20 nexthop via 10.0.0.1 dev eth0 nexthop via 10.0.1.1 dev eth1 weight 2");
  route.type = net::Route::Type::Unreachable;
  route.next_hops.clear();
  route.table = 7;
  EXPECT_EQ(route_text(route), "unreachable default table 7 metric 20");
}

}  // namespace
}  // namespace hopyard::view
