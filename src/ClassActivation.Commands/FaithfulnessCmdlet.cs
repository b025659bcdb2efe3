using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>What cmdlets share that put maps to the test on their network.</summary>
public abstract class FaithfulnessCmdlet : ModuleCmdlet
{
    /// <summary>What all chance is drawn from: the same seed gives the same figures.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>The network to test the maps on, where it is not found by the name that they give.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>How many forward passes run at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// What computes the network, as for <c>Get-ClassActivationMap</c>: Cpu, or a device that the loaded build of ONNX Runtime
    /// offers.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }
}
