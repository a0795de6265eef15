using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;

namespace LaionStream.Models.Pictures;

/// <summary>Makes the models' inputs and the perceptual hash of a picture's rows. Disposing returns the memory of what <see cref="Finish"/> did not give.</summary>
internal sealed class ModelRows : IDisposable
{
    private readonly PixelInput[] _inputs;
    private readonly PerceptualHash _hash;
    private bool _finished;

    /// <summary>Begins a picture.</summary>
    /// <param name="width">Width as stored.</param>
    /// <param name="height">Height as stored.</param>
    /// <param name="orientation">How the picture is shown.</param>
    /// <param name="specs">The inputs to prepare.</param>
    /// <param name="leaveOut">A fit whose inputs are not made of the rows; null for none.</param>
    public ModelRows(int width, int height, Orientation orientation, IReadOnlyList<PixelSpec> specs, PixelFit? leaveOut = null)
    {
        _hash = new PerceptualHash(width, height, orientation);
        _inputs = new PixelInput[specs.Count];
        List<IRowSink> sinks = new(specs.Count + 1);
        for (int i = 0; i < _inputs.Length; i++)
        {
            _inputs[i] = new PixelInput(specs[i].Width, specs[i].Height);
            if (specs[i].Fit != leaveOut) { sinks.Add(Preprocess.Begin(width, height, orientation, specs[i], _inputs[i].Memory)); }
        }

        sinks.Add(_hash);
        Sinks = [.. sinks];
    }

    /// <summary>Take the rows.</summary>
    public IRowSink[] Sinks { get; }

    /// <summary>The inputs, some of which may still have to be made.</summary>
    public IReadOnlyList<PixelInput> Inputs => _inputs;

    /// <summary>The inputs, one per specification, which the caller disposes, and the hash, after the last row.</summary>
    public (PixelInput[] Inputs, string PHash) Finish()
    {
        string hash = _hash.Finish();
        _finished = true;
        return (_inputs, hash);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IRowSink sink in Sinks) { sink.Dispose(); }
        if (_finished) { return; }
        foreach (PixelInput input in _inputs) { input.Dispose(); }
    }
}
