namespace LaionStream.Models.Onnx;

/// <summary>
/// Opens models. Models that were opened for inspection are reused when they are needed. Closes those that were not needed, and all of them when loading
/// fails.
/// </summary>
/// <param name="open">Opens a file on a device.</param>
/// <param name="device">The device.</param>
/// <param name="guard">Wraps an open model together with a function that opens it again; none: not wrapped.</param>
internal sealed class RunnerPool(Func<string, int, IModelRunner> open, int device, Func<IModelRunner, Func<IModelRunner>, IModelRunner>? guard = null)
    : IDisposable
{
    private readonly Dictionary<string, IModelRunner> _open = new(StringComparer.Ordinal);

    private readonly List<IModelRunner> _out = [];

    private readonly Dictionary<string, ModelSignature> _taken = new(StringComparer.Ordinal);

    /// <summary>The device of the models.</summary>
    public int Device => device;

    /// <summary>Signatures of the models handed out, by path.</summary>
    public IReadOnlyDictionary<string, ModelSignature> Taken => _taken;

    /// <summary>Opens a model for inspection; the pool keeps it.</summary>
    public ModelSignature Look(string path)
    {
        if (!_open.TryGetValue(path, out IModelRunner? runner)) { _open[path] = runner = Open(path); }

        return runner.Signature;
    }

    /// <summary>Hands out a model; the caller owns it after <see cref="HandOver"/>.</summary>
    public IModelRunner Take(string path)
    {
        if (!_open.Remove(path, out IModelRunner? runner)) { runner = Open(path); }

        _out.Add(runner);
        _taken[path] = runner.Signature;
        return runner;
    }

    /// <summary>Wraps a model so that it is opened again when its device is lost.</summary>
    /// <param name="first">The open model.</param>
    /// <param name="reopen">Opens it again.</param>
    public IModelRunner Guarded(IModelRunner first, Func<IModelRunner> reopen) => guard is null ? first : guard(first, reopen);

    /// <summary>Replaces a model that was handed out by a changed one; the former is closed.</summary>
    public void Exchange(IModelRunner asIs, IModelRunner changed)
    {
        _out[_out.IndexOf(asIs)] = changed;
        asIs.Dispose();
    }

    /// <summary>Records that all models handed out so far have owners.</summary>
    public void HandOver() => _out.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IModelRunner runner in _open.Values.Concat(_out)) { runner.Dispose(); }
    }

    private IModelRunner Open(string path) => Guarded(open(path, device), () => open(path, device));
}
