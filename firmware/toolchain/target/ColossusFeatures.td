// SPDX-License-Identifier: Apache-2.0
// Execution modes and architectures, and what an instruction may require of them.
def FeatureWorker : SubtargetFeature<"worker", "IsWorker", "true", "Worker mode">;
def FeatureSupervisor : SubtargetFeature<"supervisor", "IsSupervisor", "true", "Supervisor mode">;
def FeatureIPU1 : SubtargetFeature<"ipu1", "IsIPU1", "true", "IPU1 target architecture">;
def FeatureIPU2 : SubtargetFeature<"ipu2", "IsIPU2", "true", "IPU2 target architecture">;
def FeatureIPU21 : SubtargetFeature<"ipu21", "IsIPU21", "true", "IPU21 target architecture">;

def InWorkerMode : Predicate<"true">, AssemblerPredicate<(all_of FeatureWorker), "Worker mode">;
def InSupervisorMode : Predicate<"true">, AssemblerPredicate<(all_of FeatureSupervisor), "Supervisor mode">;
def HasIPU2Plus : Predicate<"true">, AssemblerPredicate<(any_of FeatureIPU2, FeatureIPU21), "IPU2+ target architecture">;
def HasIPU21 : Predicate<"true">, AssemblerPredicate<(all_of FeatureIPU21), "IPU21+ target architecture">;

def : ProcessorModel<"ipu1", NoSchedModel, [FeatureIPU1]>;
def : ProcessorModel<"ipu2", NoSchedModel, [FeatureIPU2]>;
def : ProcessorModel<"ipu21", NoSchedModel, [FeatureIPU21]>;
