using System.Globalization;

namespace LaionStream.Models.Onnx;

/// <summary>The provider that was chosen, and why.</summary>
/// <param name="Provider">Never <see cref="InferenceProvider.Auto"/>.</param>
/// <param name="Devices">Device numbers; at least one.</param>
/// <param name="Sessions">Sessions on each device.</param>
/// <param name="Reason">One clause for the log.</param>
internal sealed record ProviderChoice(InferenceProvider Provider, IReadOnlyList<int> Devices, int Sessions, string Reason)
{
    /// <summary>
    /// Each session's device and name, such as <c>cuda 1</c>, or <c>cuda 1.0</c> and <c>cuda 1.1</c> where a device has several. On the CPU the place among
    /// the devices stands for the device.
    /// </summary>
    public IEnumerable<(int Device, string Name)> Names =>
        from place in Enumerable.Range(0, Devices.Count)
        from session in Enumerable.Range(0, Sessions)
        let number = Provider == InferenceProvider.Cpu ? place : Devices[place]
        select (Devices[place], string.Create(CultureInfo.InvariantCulture, $"{ProviderRules.Name(Provider)} {number}{(Sessions > 1 ? $".{session}" : "")}"));
}
