using System.Diagnostics;
using LaionStream.Models.Onnx;
using LaionStream.TestWorld;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.Soak.Gpu;

/// <summary>A model in a bare loop of the runtime, with inputs that are on the device already (the ceiling), or in the processor's memory.</summary>
internal sealed class DeviceLoop : IDisposable
{
    private const int Warmups = 3;
    private const int TextLength = 32;
    private const int LargestId = 6000; // below the vocabulary of any model

    private readonly OrtRunner _runner;
    private readonly TensorSpec _input;
    private readonly TensorSpec _output;
    private readonly SessionFactory _plain;
    private readonly string _folder = Directory.CreateTempSubdirectory("laion-gpu-").FullName;
    private readonly bool _isGpu;

    /// <summary>Takes over a model.</summary>
    /// <param name="runner">The model, changed as a run would.</param>
    /// <param name="plain">Opens models for the same device without TensorRT.</param>
    public DeviceLoop(OrtRunner runner, SessionFactory plain)
    {
        _runner = runner;
        _plain = plain;
        _isGpu = plain.Choice.Provider != InferenceProvider.Cpu;
        _input = SignatureRules.Pixels(runner.Signature) ?? SignatureRules.Ids(runner.Signature)!;
        _output = (_input.IsInteger ? SignatureRules.TextOutput(runner.Signature) : SignatureRules.ImageOutput(runner.Signature))!;
    }

    /// <summary>Rows a second with input and output on the device.</summary>
    public (double PerSecond, double CpuMilliseconds) OnDevice(int rows, TimeSpan time)
    {
        using OrtMemoryInfo memory = _isGpu
            ? new OrtMemoryInfo("Cuda", OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default)
            : new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);
        using var copier = (OrtRunner)_plain.Open(Identity(), 0);
        using IDisposableReadOnlyCollection<OrtValue> there = Copy(copier, Filled(copier, new TensorSpec("x", _input.Type, _input.Dims), rows), memory);
        OrtValue[] others = [.. Inputs(rows).Skip(1).Select(buffer => buffer.View())];
        using OrtIoBinding binding = _runner.Session.CreateIoBinding();
        using var options = new RunOptions();
        binding.BindInput(_input.Name, there[0]);
        foreach ((TensorSpec spec, OrtValue value) in Others().Zip(others)) { binding.BindInput(spec.Name, value); }

        binding.BindOutputToDevice(_output.Name, memory);
        try
        {
            return Loop(rows, time, () => _runner.Session.RunWithBinding(options, binding));
        }
        finally
        {
            foreach (OrtValue value in others) { value.Dispose(); }
        }
    }

    /// <summary>Rows a second from the processor's memory and back, one run after the other.</summary>
    public (double PerSecond, double CpuMilliseconds) FromHost(int rows, TimeSpan time)
    {
        TensorBuffer[] inputs = [.. Inputs(rows)];
        TensorBuffer output = _runner.Buffer(_output);
        output.Reshape(_runner.Probe(inputs, _output.Name));
        return Loop(rows, time, () => _runner.Run(inputs, output, CancellationToken.None));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs an action for some time.</summary>
    /// <returns>Rows a second, and processor milliseconds of the process for each.</returns>
    public static (double PerSecond, double CpuMilliseconds) Loop(int rows, TimeSpan time, Action run)
    {
        for (int i = 0; i < Warmups; i++) { run(); }

        TimeSpan before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        long done = 0;
        while (clock.Elapsed < time)
        {
            run();
            done += rows;
        }

        double seconds = clock.Elapsed.TotalSeconds;
        return (done / seconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / done);
    }

    private static IDisposableReadOnlyCollection<OrtValue> Copy(OrtRunner copier, TensorBuffer from, OrtMemoryInfo memory)
    {
        using OrtIoBinding binding = copier.Session.CreateIoBinding();
        using var options = new RunOptions();
        using OrtValue value = from.View();
        binding.BindInput("x", value);
        binding.BindOutputToDevice("y", memory);
        copier.Session.RunWithBinding(options, binding);
        binding.SynchronizeBoundOutputs();
        return binding.GetOutputValues();
    }

    /// <summary>All inputs: the pictures or the ids, then the others (masks, and what the other half of a combined model takes).</summary>
    private IEnumerable<TensorBuffer> Inputs(int rows)
    {
        TensorSpec[] used = [_input, .. Others().Where(IsUsed)];
        Dictionary<string, TensorBuffer> idle = IdleInputs.For(_runner.Signature, used).ToDictionary(buffer => buffer.Name, StringComparer.Ordinal);
        return Others().Prepend(_input).Select(spec => idle.GetValueOrDefault(spec.Name) ?? Filled(_runner, spec, rows));
    }

    private IEnumerable<TensorSpec> Others() => _runner.Signature.Inputs.Where(spec => spec != _input);

    private bool IsUsed(TensorSpec other) => _input.IsInteger && other.IsInteger;

    private TensorBuffer Filled(OrtRunner owner, TensorSpec spec, int rows)
    {
        TensorBuffer buffer = owner.Buffer(spec);
        TextInput role = spec.IsInteger && spec.Name != "x" ? SignatureRules.Role(spec, _input) : TextInput.Ids;
        int length = role == TextInput.LastPlace ? 1 : _input.Fixed(1) ?? TextLength;
        buffer.Reshape(!spec.IsInteger ? [rows, .. spec.Dims.Skip(1).Select(dim => (long)dim)] : spec.Dims.Count == 1 ? [rows] : [rows, length]);
        var random = new Random(1);
        switch (spec.Type)
        {
            case TensorElementType.UInt8:
                random.NextBytes(buffer.As<byte>());
                break;
            case TensorElementType.Float:
                foreach (ref float value in buffer.As<float>()) { value = (random.NextSingle() * 4) - 2; }
                break;
            case TensorElementType.Float16:
                foreach (ref System.Half value in buffer.As<System.Half>()) { value = (System.Half)((random.NextSingle() * 4) - 2); }
                break;
            default:
                buffer.WriteIds(0, [.. Enumerable.Range(0, buffer.Count).Select(_ => role switch
                {
                    TextInput.Ids => random.Next(1, LargestId),
                    TextInput.Mask => 1,
                    TextInput.LastPlace => (_input.Fixed(1) ?? TextLength) - 1,
                    _ => 0,
                })]);
                break;
        }

        return buffer;
    }

    /// <summary>A model that copies, which is how values come onto the device.</summary>
    private string Identity()
    {
        string path = Path.Combine(_folder, "copy.onnx");
        int[] dims = [.. Enumerable.Repeat(-1, _input.IsInteger ? 2 : 4)];
        new OnnxWriter().Input("x", (OnnxWriter.Element)_input.Type, dims).Output("y", (OnnxWriter.Element)_input.Type, dims).Node("Identity", ["x"], ["y"])
            .Save(path);
        return path;
    }
}
