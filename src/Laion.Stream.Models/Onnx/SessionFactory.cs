using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace LaionStream.Models.Onnx;

/// <summary>
/// Opens models with the provider that <see cref="ProviderRules"/> chose. What only a GPU machine can show is in <see cref="SessionOptionsFor"/> and
/// <see cref="GpuOptions"/>.
/// </summary>
internal sealed partial class SessionFactory
{
    private const int LongestText = 77; // CLIP's context; longer texts make TensorRT build once more

    private readonly int _threads;
    private readonly int _rows;
    private readonly GpuOptions _gpu;
    private readonly EngineCache _cache;
    private readonly ILogger _log;

    private SessionFactory(ProviderChoice choice, int threads, int rows, GpuOptions gpu, EngineCache cache, ILogger log)
    {
        Choice = choice;
        _threads = threads;
        _rows = rows;
        _gpu = gpu;
        _cache = cache;
        _log = log;
    }

    /// <summary>The provider that runs the models.</summary>
    public ProviderChoice Choice { get; }

    /// <summary>Threads inside one session.</summary>
    public int Threads => _threads;

    /// <summary>Chooses the provider and logs the reason.</summary>
    /// <param name="options">Provider, devices, batch size.</param>
    /// <param name="log">For the choice, and for what takes long.</param>
    /// <param name="cache">Folder for TensorRT's engines; null for the user's own.</param>
    /// <exception cref="ModelException">The configured one is not available.</exception>
    public static SessionFactory Create(InferenceOptions options, ILogger log, string? cache = null)
    {
        string[] available = OrtEnv.Instance().GetAvailableProviders();
        IReadOnlyList<InferenceProvider> candidates = ProviderRules.Candidates(options.Provider, available);
        var passed = new List<ProviderRefusal>();
        GpuOptions gpu = GpuOptions.Of(options);
        foreach (InferenceProvider provider in candidates)
        {
            IReadOnlyList<int> devices = ProviderRules.Devices(provider, options.Devices ?? []);
            if (Refusal(provider, devices, gpu) is { } refusal)
            {
                if (options.Provider != InferenceProvider.Auto) { throw ProviderRules.Unloadable(devices[0], refusal); }

                passed.Add(refusal);
                continue;
            }

            string reason = options.Provider != InferenceProvider.Auto ? "asked for"
                : passed.Count > 0 ? ProviderRefusal.Describe(passed)
                : candidates.Count == 1 ? $"the only one in this build ({string.Join(", ", available.Order(StringComparer.Ordinal))})"
                : "the best in this build";
            int sessions = options.SessionsOf(provider);
            int threads = ProviderRules.Threads(provider, options.Threads, Environment.ProcessorCount, devices.Count * sessions);
            Log.Chosen(log, ProviderRules.Name(provider), [.. devices], sessions, threads, options.RowsOf(provider), reason);
            return new SessionFactory(new ProviderChoice(provider, devices, sessions, reason), threads, options.RowsOf(provider), gpu, EngineCache.In(cache),
                log);
        }

        throw new InvalidOperationException("The CPU provider is in every build and always loads.");
    }

    /// <summary>Loads a model on a device.</summary>
    /// <exception cref="ModelException">The file is not a model that the runtime can load.</exception>
    public IModelRunner Open(string path, int device) => Open(path, device, () => File.OpenRead(path), options => new InferenceSession(path, options));

    /// <summary>Loads a changed model on a device.</summary>
    /// <param name="path">Its original file: weights in other files are beside it.</param>
    /// <param name="model">The changed model.</param>
    /// <param name="device">The device.</param>
    /// <param name="isHalf">Whether it was converted to half precision.</param>
    /// <exception cref="ModelException">The runtime cannot load it.</exception>
    public IModelRunner Open(string path, byte[] model, int device, bool isHalf) => Open(path, device, () => new MemoryStream(model, false), options =>
    {
        // It would take the casts before a chain into the operator that replaces it, and give that inputs of two types.
        if (isHalf) { options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "LayerNormFusion;SimplifiedLayerNormFusion"); }

        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(path)!);
        return new InferenceSession(model, options);
    });

    private OrtRunner Open(string path, int device, Func<Stream> read, Func<SessionOptions, InferenceSession> open)
    {
        try
        {
            InferenceSession session = Choice.Provider == InferenceProvider.TensorRt
                ? OpenEngine(path, read, (engines, profile, half) => Opened(_gpu.TensorRt(device, engines, profile, half)))
                : Opened(null);
            return new OrtRunner(path, session, Choice.Provider == InferenceProvider.Cpu ? null : RuntimeMemory.PageLocked(session, device));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException("Laion:Models:Path", $"{path} does not load: {ProviderRules.FirstLine(e.Message)}", e);
        }

        InferenceSession Opened(Dictionary<string, string>? tensorRt)
        {
            using SessionOptions options = SessionOptionsFor(Choice.Provider, device, _threads, _gpu, tensorRt);
            return open(options);
        }
    }

    /// <summary>TensorRT builds an engine of the model, or takes the one that it built before.</summary>
    private InferenceSession OpenEngine(string path, Func<Stream> read, Func<string, ShapeProfile?, bool, InferenceSession> open)
    {
        ShapeProfile? profile;
        string folder;
        bool isHalf;
        using (Stream model = read())
        {
            profile = ShapeProfile.Of(DeclaredInputs.Of(model, out isHalf), _rows, LongestText);
            folder = _cache.FolderOf(model, OrtEnv.Instance().GetVersionString(), $"{profile}{(isHalf ? " fp16" : "")}");
        }

        string name = Path.GetFileName(path);
        using var slow = new SlowWork(TimeProvider.System, elapsed => Log.Building(_log, name, elapsed));
        return EngineCache.Open(folder, () => open(folder, profile, isHalf), stale => Log.Stale(_log, name, ProviderRules.FirstLine(stale.Message)));
    }

    /// <summary>Why a provider cannot be used here, or null.</summary>
    private static ProviderRefusal? Refusal(InferenceProvider provider, IReadOnlyList<int> devices, GpuOptions gpu)
    {
        if (provider == InferenceProvider.Cpu) { return null; }

        try
        {
            foreach (int device in devices) { SessionOptionsFor(provider, device, threads: 1, gpu, null).Dispose(); }

            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            return new ProviderRefusal(provider, GpuLibraries.Missing(provider), e);
        }
    }

    private static SessionOptions SessionOptionsFor(InferenceProvider provider, int device, int threads, GpuOptions gpu, Dictionary<string, string>? engines)
    {
        var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        // Threads that spin between two models would take cores from decoding and downloading.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        if (provider == InferenceProvider.TensorRt)
        {
            using var tensorRt = new OrtTensorRTProviderOptions();
            tensorRt.UpdateOptions(engines ?? gpu.TensorRt(device, null, null, isHalf: false));
            options.AppendExecutionProvider_Tensorrt(tensorRt);
        }

        if (provider is InferenceProvider.TensorRt or InferenceProvider.Cuda)
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(gpu.Cuda(device));
            options.AppendExecutionProvider_CUDA(cuda);
        }

        return options;
    }
}
