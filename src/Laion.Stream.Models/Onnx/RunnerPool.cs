namespace LaionStream.Models.Onnx;

/// <summary>
/// Opens models. Models that were opened for inspection are reused when they are needed. Closes those that were not needed, and all of them when loading
/// fails.
/// </summary>
internal sealed class RunnerPool(Func<string, int, IModelRunner> open, int device) : IDisposable
{
    private readonly Dictionary<string, IModelRunner> _open = new(StringComparer.Ordinal);

    private readonly List<IModelRunner> _out = [];

    private readonly Dictionary<string, ModelSignature> _taken = new(StringComparer.Ordinal);

    /// <summary>The provider and devices of the models.</summary>
    public int Device => device;

    /// <summary>Signatures of the models handed out, by path.</summary>
    public IReadOnlyDictionary<string, ModelSignature> Taken => _taken;

    /// <summary>Opens a model for inspection; the pool keeps it.</summary>
    public ModelSignature Look(string path)
    {
        if (!_open.TryGetValue(path, out IModelRunner? runner)) { _open[path] = runner = open(path, device); }

        return runner.Signature;
    }

    /// <summary>Hands out a model; the caller owns it after <see cref="HandOver"/>.</summary>
    public IModelRunner Take(string path)
    {
        if (!_open.Remove(path, out IModelRunner? runner)) { runner = open(path, device); }

        _out.Add(runner);
        _taken[path] = runner.Signature;
        return runner;
    }

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
}
