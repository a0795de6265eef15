using System.Globalization;
using LaionStream.Models.Heads.Weights;
using LaionStream.Models.Onnx;
using LaionStream.Models.Tokenizers;

namespace LaionStream.Models.Towers;

/// <summary>A model that takes text and returns a fixed number of floats for each: a CLIP text tower, a multilingual one, or a classifier.</summary>
internal sealed class TextModel : IDisposable
{
    /// <summary>Cosine above which two embeddings of one text differ only by rounding.</summary>
    private const double SameEmbedding = 0.9999;

    private readonly IModelRunner _runner;
    private readonly ITextTokenizer _tokenizer;
    private readonly DenseLayer? _dense;
    private BatchShape _batch;
    private readonly TextShape _text;
    private readonly (TensorBuffer Buffer, TextInput Role, bool Flat)[] _places;
    private readonly TensorBuffer[] _inputs;
    private readonly TensorBuffer _output;
    private readonly long[] _outputShape;
    private int[] _ids;
    private int[] _lengths;
    private readonly float[] _pooled;

    /// <summary>Determines by running an empty text the output's width, and whether shorter rows give the same embedding.</summary>
    /// <param name="runner">The model; this object takes ownership.</param>
    /// <param name="output">The output to read; token states are averaged over the mask.</param>
    /// <param name="tokenizer">A tokenizer for this model alone.</param>
    /// <param name="dense">The layer after the averaging, or null.</param>
    /// <param name="context">Most tokens, when the model's axis is free.</param>
    /// <param name="shapes">Batch sizes and lengths.</param>
    /// <exception cref="ModelException">The model does not take text, or fails on the probe.</exception>
    public TextModel(IModelRunner runner, TensorSpec output, ITextTokenizer tokenizer, DenseLayer? dense, int context, TextModelShapes shapes)
    {
        TensorSpec ids = SignatureRules.Ids(runner.Signature)
            ?? throw new ModelException("Laion:Models:Path", $"{runner.Name} does not take token ids: {string.Join("; ", runner.Signature.Inputs)}.");
        _runner = runner;
        _tokenizer = tokenizer;
        _dense = dense;
        int longest = ids.Fixed(1) ?? context;
        bool free = ids.Fixed(1) is null;
        _batch = ids.Fixed(0) is { } rows ? BatchShape.Fixed(rows) : shapes.Batch;
        TensorSpec[] texts = [.. runner.Signature.Inputs.Where(i => i.IsInteger)];
        _places = [.. texts.Select(i => (runner.Buffer(i), SignatureRules.Role(i, ids), i.Dims.Count == 1))];
        _inputs = [.. _places.Select(p => p.Buffer), .. IdleInputs.For(runner.Signature, texts)];
        _output = runner.Buffer(output);
        _ids = new int[_batch.Max * longest];
        _lengths = new int[_batch.Max];

        _text = new TextShape(longest, [], split: false);
        _outputShape = Probe(longest);
        int last = (int)_outputShape[^1];
        _pooled = new float[last];
        if (dense is not null && dense.Inputs != last)
        {
            throw new ModelException("Laion:Models:Path", $"{runner.Name} gives {last} numbers a token and its dense layer takes {dense.Inputs}.");
        }

        Width = dense?.Outputs ?? last;
        if (free) { _text = Shorter(new TextShape(longest, shapes.Lengths, shapes.Split)); }
    }

    /// <summary>Floats per text.</summary>
    public int Width { get; }

    /// <summary>Lengths it runs with.</summary>
    public TextShape Lengths => _text;

    /// <summary>Why every row is padded to the model's context although its axis is free; null when it is not.</summary>
    public string? WhyFullLength { get; private set; }

    /// <summary>Batch sizes it runs with.</summary>
    public BatchShape Shape => _batch;

    /// <summary>The loaded model.</summary>
    public IModelRunner Runner => _runner;

    /// <summary>Name of the output that is read.</summary>
    public string Output => _output.Name;

    /// <summary>Runs some rows of a batch.</summary>
    /// <param name="rows">The rows to run.</param>
    /// <param name="texts">By row.</param>
    /// <param name="results">By row, <see cref="Width"/> floats each.</param>
    /// <param name="abort">Cancels the run.</param>
    /// <exception cref="ModelRunException">The model threw on these rows.</exception>
    public void Run(ReadOnlySpan<int> rows, IReadOnlyList<string?> texts, Span<float> results, CancellationToken abort)
    {
        _batch = _batch.Now();
        if (_lengths.Length < _batch.Max) { (_ids, _lengths) = (new int[_batch.Max * _text.Longest], new int[_batch.Max]); }
        while (!rows.IsEmpty)
        {
            ReadOnlySpan<int> chunk = rows[..Math.Min(rows.Length, _batch.Max)];
            try
            {
                RunChunk(chunk, texts, results, abort);
                rows = rows[chunk.Length..];
            }
            catch (ModelRunException e) when (_batch.SmallerFor(e, chunk.Length) is { } smaller)
            {
                _batch = smaller;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    private void RunChunk(ReadOnlySpan<int> chunk, IReadOnlyList<string?> texts, Span<float> results, CancellationToken abort)
    {
        for (int i = 0; i < chunk.Length; i++)
        {
            _lengths[i] = _tokenizer.Encode(texts[chunk[i]], _ids.AsSpan(i * _text.Longest, _text.Longest)).Written;
        }

        int[] order = [.. Enumerable.Range(0, chunk.Length).OrderBy(i => _lengths[i])];
        int[] sorted = [.. order.Select(i => _lengths[i])];
        foreach ((int first, int count, int length) in _text.Runs(sorted, _batch.Max))
        {
            Run(order.AsSpan(first, count), length, abort);
            for (int i = 0; i < count; i++)
            {
                int slot = order[first + i];
                Read(i, length, _lengths[slot], results.Slice(chunk[slot] * Width, Width));
            }
        }
    }

    /// <summary>Runs slots of the current chunk, padded to one length and one batch size.</summary>
    private void Run(ReadOnlySpan<int> slots, int length, CancellationToken abort)
    {
        int padded = _batch.Pad(slots.Length);
        Prepare(slots, padded, length);
        _outputShape[0] = padded;
        if (_outputShape.Length == 3) { _outputShape[1] = length; }

        _output.Reshape(_outputShape);
        _runner.Run(_inputs, _output, abort);
    }

    /// <summary>Fills every integer input; padding rows repeat the first.</summary>
    private void Prepare(ReadOnlySpan<int> slots, int padded, int length)
    {
        Span<int> row = stackalloc int[length];
        foreach ((TensorBuffer buffer, TextInput role, bool flat) in _places)
        {
            if (flat) { buffer.Reshape(padded); } else { buffer.Reshape(padded, role == TextInput.LastPlace ? 1 : length); }

            for (int i = 0; i < padded; i++)
            {
                int slot = slots[i < slots.Length ? i : 0];
                Fill(buffer, role, i, _ids.AsSpan(slot * _text.Longest, Math.Min(_lengths[slot], length)), row);
            }
        }
    }

    private void Fill(TensorBuffer buffer, TextInput role, int row, ReadOnlySpan<int> tokens, Span<int> values)
    {
        switch (role)
        {
            case TextInput.Ids:
                tokens.CopyTo(values);
                values[tokens.Length..].Fill(_tokenizer.PadId);
                break;
            case TextInput.Mask:
                values[..tokens.Length].Fill(1);
                values[tokens.Length..].Clear();
                break;
            case TextInput.Positions:
                for (int i = 0; i < values.Length; i++) { values[i] = i; }

                break;
            case TextInput.LastPlace:
                values[0] = values.Length - 1;
                values = values[..1];
                break;
            default:
                values.Clear();
                break;
        }

        buffer.WriteIds(row * values.Length, values);
    }

    /// <summary>Reads one row of the output: unchanged, or the mean over its tokens; then applies the dense layer.</summary>
    private void Read(int row, int length, int tokens, Span<float> result)
    {
        Span<float> pooled = _dense is null ? result : _pooled;
        if (_outputShape.Length == 3)
        {
            Mean(row, length, Math.Min(tokens, length), pooled);
        }
        else
        {
            _output.ReadFloats(row * pooled.Length, pooled);
        }

        _dense?.Apply(pooled, result);
    }

    private void Mean(int row, int length, int tokens, Span<float> pooled)
    {
        Span<float> state = stackalloc float[pooled.Length];
        pooled.Clear();
        for (int token = 0; token < tokens; token++)
        {
            _output.ReadFloats(((row * length) + token) * pooled.Length, state);
            for (int i = 0; i < state.Length; i++) { pooled[i] += state[i]; }
        }

        for (int i = 0; i < pooled.Length; i++) { pooled[i] /= tokens; }
    }

    private long[] Probe(int length)
    {
        _lengths[0] = _tokenizer.Encode("", _ids.AsSpan(0, _text.Longest)).Written;
        int rows = _batch.Sizes[0];
        Prepare([0], rows, length);
        try
        {
            long[] shape = _runner.Probe(_inputs, _output.Name);
            return shape.Length is 2 or 3 && shape[0] == rows
                ? shape
                : throw new ModelException("Laion:Models:Path",
                    $"{_runner.Name}: output {_output.Name} of {rows} texts has shape [{string.Join(',', shape)}].");
        }
        catch (ModelRunException e)
        {
            throw new ModelException("Laion:Models:Path", $"{e.Message} (on an empty text; do the model and its tokenizer belong together?)", e);
        }
    }

    /// <summary>
    /// Allows shorter rows only if the model gives the same answer with them: some files declare a free axis that their graph does not support.
    /// </summary>
    private TextShape Shorter(TextShape wanted)
    {
        if (wanted.Lengths.Count == 1) { return _text; }

        var full = new float[Width];
        var cut = new float[Width];
        Run([0], [""], full, CancellationToken.None);
        try
        {
            Run([0], wanted.Lengths[0], CancellationToken.None);
        }
        catch (ModelRunException e)
        {
            WhyFullLength = e.Message;
            return _text;
        }

        Read(0, wanted.Lengths[0], _lengths[0], cut);
        double cosine = Embeddings.Cosine(full, cut);
        if (cosine > SameEmbedding) { return wanted; }

        WhyFullLength = string.Create(CultureInfo.InvariantCulture,
            $"an empty text at {wanted.Lengths[0]} tokens has cosine {cosine:F5} with itself at {wanted.Longest}");
        return _text;
    }
}
