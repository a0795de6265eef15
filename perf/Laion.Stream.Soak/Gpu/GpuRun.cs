using System.ComponentModel;
using System.Diagnostics;
using LaionStream.Models.Catalog;
using LaionStream.Models.ModelSets;
using LaionStream.Models.Onnx;
using LaionStream.Models.Onnx.Editing;
using LaionStream.Models.Pictures;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Towers;
using LaionStream.Soak.Results;
using LaionStream.TestWorld;
using Microsoft.Extensions.Logging.Abstractions;
using NetVips;

namespace LaionStream.Soak.Gpu;

/// <summary>Measures models on a GPU layer by layer, each an upper bound of the next, and keeps the result.</summary>
internal sealed class GpuRun
{
    private const int Files = 32;
    private const string Caption = "a photo of two cats that sleep on a sofa";

    private readonly GpuPlan _plan;
    private readonly GpuReport _report;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<byte[]> _files;
    private bool _failed;

    private GpuRun(GpuPlan plan, string device)
    {
        _plan = plan;
        _report = new GpuReport(Path.Combine(plan.Output, ResultFile.Slug(device), "gpu.md"), device, plan.DryRun);
        VipsLibrary.EnsureReady();
        var random = new Random(3);
        _files = [.. Enumerable.Range(0, Files).Select(_ => Photograph(random))];
    }

    /// <summary>Measures everything that fits in the time.</summary>
    /// <returns>The exit code: failed when a step failed or did not end.</returns>
    public static async Task<int> ExecuteAsync(GpuPlan plan)
    {
        string? gpu = plan.DryRun ? null : Gpu();
        if (gpu is null && !plan.DryRun)
        {
            Console.Error.WriteLine("nvidia-smi finds no GPU here; --dry-run runs small shapes on the processor.");
            return Host.Hosting.ExitCode.Failed;
        }

        var run = new GpuRun(plan, gpu ?? "dry run");
        string work = Directory.CreateTempSubdirectory("laion-gpu-models-").FullName;
        try
        {
            foreach ((string name, string folder) in run.Folders(work))
            {
                foreach ((string mode, InferenceProvider provider, string precision) in plan.Modes)
                {
                    bool goesOn = await run.StepAsync($"{name}, {mode}", () => run.ModeAsync(name, folder, mode, provider, precision));
                    if (!goesOn) { return Host.Hosting.ExitCode.Failed; }
                }
            }

            return run._failed ? Host.Hosting.ExitCode.Failed : Host.Hosting.ExitCode.Done;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private IEnumerable<(string Name, string Folder)> Folders(string work)
    {
        if (_plan.Models is { } given)
        {
            yield return (Path.GetFileName(given.TrimEnd('/')), given);
            yield break;
        }

        (string, VitShape)[] shapes = _plan.DryRun ? [("tiny", VitShape.Tiny)] : [("ViT-B/32", VitShape.B32), ("ViT-L/14", VitShape.L14)];
        foreach ((string name, VitShape shape) in shapes)
        {
            string folder = Path.Combine(work, ResultFile.Slug(name));
            MadeVit.Write(folder, shape);
            yield return (name, folder);
        }
    }

    /// <summary>One step with a time limit. A native call cannot be ended: when one does not return, everything ends.</summary>
    /// <returns>False to end everything.</returns>
    private async Task<bool> StepAsync(string name, Func<Task> step)
    {
        TimeSpan left = _plan.Limit - _clock.Elapsed;
        if (left < _plan.LoopTime)
        {
            _report.Skip($"{name}: skipped, {_plan.Limit.TotalSeconds:F0} s are over");
            return true;
        }

        TimeSpan limit = left < _plan.StepLimit ? left : _plan.StepLimit;
        try
        {
            await Task.Run(step).WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            _report.Skip($"{name}: did not end within {limit.TotalSeconds:F0} s; what follows was not measured");
            return false;
        }
        catch (Exception e) when (e is ModelException or ModelRunException or SessionFault or Microsoft.ML.OnnxRuntime.OnnxRuntimeException)
        {
            _failed |= !name.Contains("tensorrt", StringComparison.Ordinal); // TensorRT is not on every machine
            _report.Skip($"{name}: {ProviderRules.FirstLine(e.Message)}");
        }

        return true;
    }

    private async Task ModeAsync(string model, string folder, string mode, InferenceProvider provider, string precision)
    {
        var options = new InferenceOptions
        {
            Provider = provider,
            Precision = precision,
            Pixels = PixelTransfer.Bytes,
            SessionsPerDevice = "2",
            BatchSize = $"{_plan.Batches[^1]}",
            Threads = _plan.DryRun ? 1 : 0,
        };
        using ModelSet models = ModelSet.Load(folder, new ModelOptions { Fallback = "" }, options, NullLoggerFactory.Instance);
        string note = precision == "as-is" || models.Halved.Count == 2 ? "" : "not all converted to half precision";
        BatchShape shape = models.Devices[0].Models.Visual.Shape;
        IReadOnlyList<int> batches = shape.Sizes.Count == 1 ? [shape.Max] : _plan.Batches; // some files have a batch of one
        int graphBatch = batches.Contains(_plan.GraphBatch) ? _plan.GraphBatch : batches[^1];
        int textBatch = models.Devices[0].Models.Text.Shape is { Sizes.Count: 1 } only ? only.Max : graphBatch;
        var ceilings = new Dictionary<int, double>();
        using (DeviceLoop pictures = Bare(models.Plan.Visual, options, models.Plan.Scale))
        {
            foreach (int batch in batches)
            {
                (double perSecond, double cpu) = pictures.OnDevice(batch, _plan.LoopTime);
                ceilings[batch] = perSecond;
                _report.Add(new GpuFigure(model, mode, "pictures: bare loop, input on the device (the ceiling)", batch, perSecond, null, cpu, Note: note));
                (perSecond, cpu) = pictures.FromHost(batch, _plan.LoopTime);
                _report.Add(new GpuFigure(model, mode, "pictures: bare loop from the processor's memory", batch, perSecond, ceilings[batch], cpu));
            }
        }

        double captions;
        using (DeviceLoop texts = Bare(models.Plan.Text, options, null))
        {
            (captions, double cpu) = texts.OnDevice(textBatch, _plan.LoopTime);
            _report.Add(new GpuFigure(model, mode, "captions of 32 tokens: bare loop, input on the device", textBatch, captions, null, cpu));
        }

        List<PixelInput> decoded = [.. Enumerable.Range(0, batches[^1]).Select(i => Pixels(models, i))];
        foreach (int batch in batches)
        {
            (double perSecond, double cpu) = SessionLoop.Run(models, decoded[..batch], _plan.LoopTime);
            _report.Add(new GpuFigure(model, mode, "pictures: our sessions alone", batch, perSecond, ceilings[batch], cpu));
        }

        double pictureCeiling = ceilings[graphBatch];
        double pairCeiling = 1 / ((1 / pictureCeiling) + (1 / captions));
        await GraphAsync("pictures: whole graph, decode stubbed", new GraphLoop(models, _files, decoded, null), pictureCeiling);
        await GraphAsync("pairs: whole graph, decode stubbed", new GraphLoop(models, _files, decoded, Caption), pairCeiling);
        await GraphAsync($"pairs: whole graph, decode on {Environment.ProcessorCount} cores", new GraphLoop(models, _files, null, Caption), pairCeiling);
        foreach (PixelInput picture in decoded) { picture.Dispose(); }

        async Task GraphAsync(string what, GraphLoop graph, double ceiling)
        {
            (double perSecond, double cpu, double idle) = await graph.RunAsync(graphBatch, _plan.GraphTime);
            _report.Add(new GpuFigure(model, mode, what, graphBatch, perSecond, ceiling, cpu, idle));
        }
    }

    /// <summary>The file's model with the changes that a run makes.</summary>
    private static DeviceLoop Bare(string path, InferenceOptions options, PixelScale? scale)
    {
        SessionFactory factory = SessionFactory.Create(options, NullLogger.Instance);
        InferenceProvider plain = options.Provider == InferenceProvider.Cpu ? InferenceProvider.Cpu : InferenceProvider.Cuda;
        OnnxFile file = OnnxFile.Read(path);
        using (FileStream stream = File.OpenRead(path))
        {
            string input = SignatureRules.Pixels(new ModelSignature(DeclaredInputs.Of(stream, out _), []))?.Name ?? "";
            if (scale is not null) { PixelPrefix.Add(file, input, scale.Mean, scale.Std); }
        }

        bool isHalf = options.WantsHalf(options.Provider) && HalfPrecision.Convert(file);
        return new DeviceLoop(
            (OrtRunner)factory.Open(path, file.ToArray(), 0, isHalf), SessionFactory.Create(new InferenceOptions { Provider = plain }, NullLogger.Instance));
    }

    private static PixelInput Pixels(ModelSet models, int seed)
    {
        var picture = new PixelInput(models.PixelSpecs[0].Width, models.PixelSpecs[0].Height);
        new Random(seed).NextBytes(picture.Rgb);
        return picture;
    }

    /// <summary>A JPEG with a photograph's size and about as many bits: soft noise, 0.3 megapixels.</summary>
    private static byte[] Photograph(Random random)
    {
        const int Width = 640, Height = 480;
        var canvas = new byte[Width * Height * 3];
        for (int i = 0; i < canvas.Length; i++) { canvas[i] = (byte)(128 + random.Next(-17, 18)); }

        using Image image = Image.NewFromMemory(canvas, Width, Height, 3, Enums.BandFormat.Uchar);
        return image.JpegsaveBuffer(q: 85);
    }

    /// <summary>Name of the first GPU; null when there is none.</summary>
    private static string? Gpu()
    {
        try
        {
            string[] query = ["--query-gpu=name", "--format=csv,noheader", "--id=0"];
            using Process smi = Process.Start(new ProcessStartInfo("nvidia-smi", query) { RedirectStandardOutput = true })!;
            string name = smi.StandardOutput.ReadToEnd().Trim();
            smi.WaitForExit();
            return smi.ExitCode == 0 && name.Length > 0 ? name : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
