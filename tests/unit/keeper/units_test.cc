#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "keeper/control_pipe.hh"
#include "keeper/frr_daemons.hh"
#include "keeper/known_daemons.hh"
#include "keeper/service_log.hh"
#include "sys/file.hh"
#include "tests/unit/folder.hh"

namespace hopyard::keeper {
namespace {

using Words = std::vector<std::string>;

bool no_file(const std::string&) {
  return false;
}

bool own_file(const std::string& path) {
  return path == "/etc/frr/bgpd.conf";
}

Words names_of(const std::vector<net::Service>& services) {
  Words names;
  for (const net::Service& one : services) names.push_back(one.name);
  return names;
}

TEST(FrrDaemons, ZebraAndStaticdAreAlwaysAskedFor) {
  EXPECT_EQ(names_of(frr_services("", &no_file)), (Words{"zebra", "staticd"}));
  EXPECT_EQ(names_of(frr_services("zebra=no\nbgpd=no\n# ospfd=yes\n", &no_file)),
            (Words{"zebra", "staticd"}));
}

TEST(FrrDaemons, OptionsAreThoseOfTheFileWithoutTheOneForTheBackground) {
  const auto services = frr_services(
      "bgpd=yes\nospf6d = 'yes' # here\nbgpd_options=\"  -d -A 127.0.0.2 --daemon -M bmp\"\n", &own_file);
  ASSERT_EQ(names_of(services), (Words{"zebra", "staticd", "bgpd", "ospf6d"}));
  EXPECT_EQ(services[2].command, (Words{"/usr/lib/frr/bgpd", "-A", "127.0.0.2", "-M", "bmp", "-f",
                                        "/etc/frr/bgpd.conf", "--log", "stdout"}));
  EXPECT_EQ(services[3].command, (Words{"/usr/lib/frr/ospf6d", "-A", "::1", "--log", "stdout"}));
  EXPECT_EQ(services[3].after, (Words{"zebra"}));
  EXPECT_EQ(services[2].ready.text, "test -S /run/frr/bgpd.vty || exit 1");
  EXPECT_NE(services[3].ready.text.find("vtysh -b -d ospf6d"), std::string::npos);
}

TEST(FrrDaemons, AValueWithoutItsSecondQuoteEndsWithTheLine) {
  const auto services = frr_services("zebra_options=\"-s 9\nripd=yes", &no_file);
  ASSERT_EQ(names_of(services), (Words{"zebra", "staticd", "ripd"}));
  EXPECT_EQ(services[0].command, (Words{"/usr/lib/frr/zebra", "-s", "9", "--log", "stdout"}));
}

TEST(KnownDaemons, AreFoundByBothNames) {
  ASSERT_NE(find_known_daemon("bind9"), nullptr);
  EXPECT_EQ(find_known_daemon("bind9")->name, "named");
  EXPECT_EQ(find_known_daemon(""), nullptr);
  EXPECT_EQ(find_known_daemon("frr"), nullptr);
  EXPECT_TRUE(is_unit_of_every_node("networking"));
  EXPECT_FALSE(is_unit_of_every_node("web"));
}

TEST(Requests, HaveThePipeForTheAnswerFirst) {
  const auto request = parse_request("12.0 systemctl  start frr ");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->answer, "12.0");
  EXPECT_EQ(request->words, (Words{"systemctl", "start", "frr"}));
}

TEST(Requests, LeadNowhereElse) {
  for (const char* line :
       {"", "12", "../x systemctl", "12/3 systemctl", ". systemctl", ".. systemctl", "a b"})
    EXPECT_FALSE(parse_request(line)) << line;
  EXPECT_FALSE(parse_request("1 " + std::string(5000, 'x')));
}

TEST(Answers, AreLinesOfTheirKind) {
  EXPECT_EQ(answer_text({"one\n\ntwo", "bad\n", 3, {}}, 4096), "oone\no\notwo\nebad\nx3\n");
}

TEST(Answers, FitIntoThePipeAndEndWithTheStatus) {
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "a line\n";
  for (const std::size_t room : {4096U, 65536U}) {
    for (const std::string& out : {many, std::string(100'000, 'x') + "\n"}) {
      const std::string text = answer_text({out, "late\n", 3, {}}, room);
      EXPECT_LE(text.size(), room);
      EXPECT_TRUE(text.ends_with("x3\n"));
    }
  }
  EXPECT_EQ(answer_text({many, "", 3, {}}, 0), "x3\n");
}

std::string text_of_file(const std::string& path) {
  return sys::read_file(sys::here(), path).value_or("none");
}

TEST(ServiceLogs, BeginANewFileAtAWholeLine) {
  const Folder folder;
  const std::string path = folder.path().string() + "/web.log";
  ServiceLog log("web", folder.path().string(), 100);
  EXPECT_EQ(text_of_file(path), "");
  for (int i = 0; i < 9; ++i) log.line(std::string(19, static_cast<char>('0' + i)));
  EXPECT_EQ(text_of_file(path + ".1").size(), 120U);
  EXPECT_EQ(text_of_file(path), "6666666666666666666\n7777777777777777777\n8888888888888888888\n");
  for (int i = 0; i < 3; ++i) log.line(std::string(19, 'x'));
  EXPECT_TRUE(text_of_file(path + ".1").starts_with("6666"));
  EXPECT_EQ(text_of_file(path), "");
}

TEST(ServiceLogs, ComeBackWhenSomebodyTakesThemAway) {
  const Folder folder;
  const std::string path = folder.path().string() + "/web.log";
  ServiceLog log("web", folder.path().string(), 100);
  log.line(std::string(19, '0'));
  ASSERT_EQ(::unlink(path.c_str()), 0);
  for (int i = 1; i < 7; ++i) log.line(std::string(19, static_cast<char>('0' + i)));
  EXPECT_EQ(text_of_file(path), "6666666666666666666\n");
}

TEST(ServiceLogs, TakeWhatIsWrittenBeforeTheirOwnWords) {
  const Folder folder;
  ServiceLog log("web", folder.path().string(), 1000);
  EXPECT_EQ(log.descriptor(), -1);
  ASSERT_EQ(::write(log.entrance(), "hello\n", 6), 6);
  EXPECT_GE(log.descriptor(), 0);
  log.note("web ended");
  EXPECT_EQ(text_of_file(folder.path().string() + "/web.log"), "hello\nhopyard: web ended\n");
  ASSERT_EQ(::unlink((folder.path().string() + "/web.log").c_str()), 0);
  ASSERT_EQ(::write(log.entrance(), "again\n", 6), 6);
  log.take();
  EXPECT_EQ(text_of_file(folder.path().string() + "/web.log"), "again\n");
}

}  // namespace
}  // namespace hopyard::keeper
