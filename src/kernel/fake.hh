#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "kernel/kernel.hh"

namespace hopyard::kernel {

/// Makes nothing and writes down what it is asked, one line a call: "r1: up eth0". For tests.
class FakeKernel : public Kernel {
 public:
  FakeKernel();
  ~FakeKernel() override;
  [[nodiscard]] Result<> prepare(const net::Desired& desired) override;
  [[nodiscard]] Result<std::unique_ptr<Namespace>> create_namespace(const net::Namespace& wanted) override;

  /// The call of this number, from 0 and counted over all threads, fails with EBUSY; with @p late only when
  /// it is committed.
  void fail_at(std::size_t call, bool late = false);
  [[nodiscard]] std::vector<std::string> calls() const;
  /// Namespaces whose handles live.
  [[nodiscard]] std::size_t alive() const;

  struct Record;

 private:
  std::shared_ptr<Record> record_;
};

}  // namespace hopyard::kernel
