using LaionStream.Models.Onnx;
using LaionStream.Models.Onnx.Editing;
using LaionStream.TestWorld;
using Microsoft.Extensions.Time.Testing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.Models.Tests.Onnx;

/// <summary>What TensorRT is given, as far as a machine without it can tell.</summary>
public sealed class EngineCacheTests
{
    private static readonly byte[] NoModel = [1, 2, 3];

    [Fact]
    public void TensorRt_FolderAndProfile_AreGivenByItsNames()
    {
        var options = GpuOptions.Of(new InferenceOptions { DeviceMemory = 1L << 30 });
        var profile = new ShapeProfile("x:1x3x2x2", "x:8x3x2x2", "x:9x3x2x2");

        Assert.Equal(
            [
                "device_id=1", "trt_engine_cache_enable=1", "trt_engine_cache_path=/c", "trt_max_workspace_size=1073741824", "trt_profile_max_shapes=x:9x3x2x2",
                "trt_profile_min_shapes=x:1x3x2x2", "trt_profile_opt_shapes=x:8x3x2x2", "trt_timing_cache_enable=1", "trt_timing_cache_path=/c",
            ],
            options.TensorRt(1, "/c", profile, isHalf: false).Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(["device_id"], GpuOptions.Of(new InferenceOptions()).TensorRt(0, null, null, isHalf: false).Keys);
        Assert.Equal(
            ["device_id=0", "trt_fp16_enable=1", "trt_layer_norm_fp32_fallback=1"],
            GpuOptions.Of(new InferenceOptions()).TensorRt(0, null, null, isHalf: true).Select(option => $"{option.Key}={option.Value}"));
    }

    [Fact]
    public void Profile_FreeBatchAndLength_CoversAllShapesOfARun()
    {
        TensorSpec pixels = new("pixel_values", TensorElementType.Float, [-1, 3, 224, 224]);
        TensorSpec ids = new("input_ids", TensorElementType.Int64, [-1, -1]);

        Assert.Equal(
            new ShapeProfile("pixel_values:1x3x224x224,input_ids:1x2", "pixel_values:256x3x224x224,input_ids:256x32",
                "pixel_values:256x3x224x224,input_ids:256x77"),
            ShapeProfile.Of([pixels, ids], 256, 77));
        Assert.Null(ShapeProfile.Of([new("x", TensorElementType.Float, [1, 3, 224, 224])], 256, 77)); // nothing is free
        Assert.Null(ShapeProfile.Of([new("x", TensorElementType.Float, [-1, 3, -1, -1])], 256, 77)); // the picture's size is not known
        Assert.Null(ShapeProfile.Of([new("x", TensorElementType.Float, [])], 256, 77));
        Assert.Null(ShapeProfile.Of([], 256, 77));
    }

    [Fact]
    public void Of_BundledModel_AreTheInputsThatTheRuntimeTells()
    {
        foreach (string name in (string[])["visual.onnx", "text.onnx"])
        {
            string path = Path.Combine(BundledModels.TinyClip, name);
            using FileStream file = File.OpenRead(path);
            using var session = new InferenceSession(path);

            Assert.Equal(
                session.InputNames.Select(
                    input => (input, session.InputMetadata[input].ElementDataType, string.Join(',', session.InputMetadata[input].Dimensions))),
                DeclaredInputs.Of(file, out bool isHalf).Select(input => (input.Name, input.Type, string.Join(',', input.Dims))));
            Assert.False(isHalf);

            // The half weights are what allows TensorRT to compute in half precision.
            OnnxFile converted = OnnxFile.Read(path);
            Assert.True(HalfPrecision.Convert(converted));
            DeclaredInputs.Of(new MemoryStream(converted.ToArray()), out isHalf);
            Assert.True(isHalf);
        }

        Assert.Empty(DeclaredInputs.Of(new MemoryStream(NoModel), out _));
    }

    [Fact]
    public void FolderOf_OtherModelRuntimeOrShapes_IsAnother()
    {
        EngineCache cache = EngineCache.In("/somewhere");
        string Folder(byte[] model, string runtime, string shapes) => cache.FolderOf(new MemoryStream(model), runtime, shapes);

        string[] folders = [Folder([1], "1", "a"), Folder([2], "1", "a"), Folder([1], "2", "a"), Folder([1], "1", "b")];
        Assert.Equal(4, folders.Distinct().Count());
        Assert.Equal(folders[0], Folder([1], "1", "a"));
        Assert.All(folders, folder => Assert.StartsWith("/somewhere/tensorrt/", folder, StringComparison.Ordinal));
        Assert.EndsWith("laion-stream/tensorrt", Path.GetDirectoryName(EngineCache.In(null).FolderOf(new MemoryStream(NoModel), "1", "a")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EnginesThatDoNotWork_AreDeletedAndBuiltAnew()
    {
        using var folder = new TempFolder();
        string engines = folder.At("engines");
        Directory.CreateDirectory(engines);
        File.WriteAllText(Path.Combine(engines, "old.engine"), "x");
        int attempts = 0;
        var stale = new List<Exception>();

        string opened = EngineCache.Open(engines, () => ++attempts == 1 ? Fail() : "open", stale.Add);

        Assert.Equal(("open", 2), (opened, attempts));
        Assert.Single(stale);
        Assert.Empty(Directory.EnumerateFileSystemEntries(engines));
    }

    [Fact]
    public void Open_ModelThatDoesNotLoad_IsTriedOnceWithoutEngines()
    {
        using var folder = new TempFolder();
        int attempts = 0;

        Assert.ThrowsAny<OnnxRuntimeException>(
            () => EngineCache.Open(folder.At("engines"), () => { attempts++; return Fail(); }, _ => Assert.Fail("nothing was there before")));
        Assert.Equal(1, attempts);
    }

    [Fact]
    public void SlowWork_EveryHalfMinute_IsReportedUntilItEnds()
    {
        var clock = new FakeTimeProvider();
        var reports = new List<TimeSpan>();
        using (new SlowWork(clock, reports.Add))
        {
            for (int i = 0; i < 65; i++) { clock.Advance(TimeSpan.FromSeconds(1)); }
        }

        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)], reports);
    }

    private static string Fail()
    {
        using var session = new InferenceSession(NoModel);
        return "no model was opened";
    }
}
