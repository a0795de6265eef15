using LaionStream.Models.Onnx;
using LaionStream.Models.Pictures.Pixels;
using LaionStream.Models.Pictures.Resampling;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LaionStream.Models.Towers;

/// <summary>A model that takes pictures and returns a fixed number of floats for each: a CLIP image tower or a classifier.</summary>
internal sealed class ImageModel : IDisposable
{
    private readonly IModelRunner _runner;
    private readonly PixelScale _scale;
    private BatchShape _shape;
    private readonly TensorBuffer _pixels;
    private readonly TensorBuffer _output;
    private readonly TensorBuffer[] _inputs;
    private readonly long[] _outputShape;
    private readonly byte[] _middle;

    /// <summary>Determines the output's width by running one grey picture.</summary>
    /// <param name="runner">The model; this object takes ownership.</param>
    /// <param name="output">The output to read.</param>
    /// <param name="pixels">Size and fit of its pictures.</param>
    /// <param name="scale">Its normalisation.</param>
    /// <param name="shape">Batch sizes, when the model's batch axis is free.</param>
    /// <exception cref="ModelException">The model does not take pictures, or fails on the probe.</exception>
    public ImageModel(IModelRunner runner, TensorSpec output, PixelSpec pixels, PixelScale scale, BatchShape shape)
    {
        TensorSpec input = SignatureRules.Pixels(runner.Signature)
            ?? throw new ModelException("Laion:Models:Path", $"{runner.Name} does not take pictures: {string.Join("; ", runner.Signature.Inputs)}.");
        _runner = runner;
        _scale = scale;
        _shape = input.Fixed(0) is { } batch ? BatchShape.Fixed(batch) : shape;
        Pixels = pixels;
        _pixels = runner.Buffer(input);
        _output = runner.Buffer(output);
        _inputs = [_pixels, .. IdleInputs.For(runner.Signature, input)];

        _middle = [.. scale.Mean.Select(mean => (byte)Math.Clamp(Math.Round(mean * 255), 0, 255))];

        int rows = _shape.Sizes[0];
        Reshape(rows);
        Pad(0, rows);
        _outputShape = ProbeShape(rows);
        Width = _outputShape.Skip(1).Aggregate(1, (product, size) => checked(product * (int)size));
    }

    /// <summary>Size and fit of its pictures.</summary>
    public PixelSpec Pixels { get; }

    /// <summary>Floats per picture.</summary>
    public int Width { get; }

    /// <summary>Batch sizes it runs with.</summary>
    public BatchShape Shape => _shape;

    /// <summary>The loaded model.</summary>
    public IModelRunner Runner => _runner;

    /// <summary>Name of the output that is read.</summary>
    public string Output => _output.Name;

    /// <summary>Runs some rows of a batch.</summary>
    /// <param name="rows">The rows to run.</param>
    /// <param name="pictures">By row, each of size <see cref="Pixels"/>.</param>
    /// <param name="results">By row, <see cref="Width"/> floats each.</param>
    /// <param name="abort">Cancels the run.</param>
    /// <exception cref="ModelRunException">The model threw on these rows.</exception>
    public void Run(ReadOnlySpan<int> rows, IReadOnlyList<PixelInput> pictures, Span<float> results, CancellationToken abort)
    {
        _shape = _shape.Now();
        while (!rows.IsEmpty)
        {
            ReadOnlySpan<int> chunk = rows[..Math.Min(rows.Length, _shape.Max)];
            try
            {
                RunChunk(chunk, pictures, results, abort);
                rows = rows[chunk.Length..];
            }
            catch (ModelRunException e) when (_shape.SmallerFor(e, chunk.Length) is { } smaller)
            {
                _shape = smaller;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    private void RunChunk(ReadOnlySpan<int> chunk, IReadOnlyList<PixelInput> pictures, Span<float> results, CancellationToken abort)
    {
        int padded = _shape.Pad(chunk.Length);
        Reshape(padded);
        for (int i = 0; i < chunk.Length; i++) { Pack(pictures[chunk[i]].Rgb, i * PictureSize, PictureSize); }

        Pad(chunk.Length, padded - chunk.Length);
        _outputShape[0] = padded;
        _output.Reshape(_outputShape);
        _runner.Run(_inputs, _output, abort);
        for (int i = 0; i < chunk.Length; i++) { _output.ReadFloats(i * Width, results.Slice(chunk[i] * Width, Width)); }
    }

    private int PictureSize => 3 * Pixels.Height * Pixels.Width;

    /// <summary>Whether pictures are transferred as bytes, and scaled on the device.</summary>
    public bool TakesBytes => _pixels.Type == TensorElementType.UInt8;

    private void Reshape(int rows)
    {
        if (TakesBytes) { _pixels.Reshape(rows, Pixels.Height, Pixels.Width, 3); } else { _pixels.Reshape(rows, 3, Pixels.Height, Pixels.Width); }
    }

    private void Pack(ReadOnlySpan<byte> rgb, int start, int size)
    {
        switch (_pixels.Type)
        {
            case TensorElementType.UInt8:
                rgb.CopyTo(_pixels.As<byte>().Slice(start, size));
                break;
            case TensorElementType.Float16:
                PixelPacking.WriteNormalised(rgb, _pixels.As<Half>().Slice(start, size), _scale.Mean, _scale.Std);
                break;
            default:
                PixelPacking.WriteNormalised(rgb, _pixels.As<float>().Slice(start, size), _scale.Mean, _scale.Std);
                break;
        }
    }

    /// <summary>
    /// Fills rows that are not real with what normalises to zero, not with leftovers: a quantised model takes its scale from the whole batch.
    /// </summary>
    private void Pad(int row, int rows)
    {
        if (!TakesBytes)
        {
            _pixels.Clear(row * PictureSize, rows * PictureSize);
            return;
        }

        Span<byte> padding = _pixels.As<byte>().Slice(row * PictureSize, rows * PictureSize);
        for (int i = 0; i < padding.Length; i++) { padding[i] = _middle[i % 3]; }
    }

    private long[] ProbeShape(int rows)
    {
        try
        {
            long[] shape = _runner.Probe(_inputs, _output.Name);
            return shape.Length > 0 && shape[0] == rows
                ? shape
                : throw new ModelException("Laion:Models:Path",
                    $"{_runner.Name}: output {_output.Name} of {rows} pictures has shape [{string.Join(',', shape)}].");
        }
        catch (ModelRunException e)
        {
            throw new ModelException("Laion:Models:Path", $"{e.Message} (on a grey {Pixels.Width}×{Pixels.Height} picture)", e);
        }
    }
}
