using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Tests that measure the whole process, to which other tests at the same time would add theirs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "Alone in the process";
}
