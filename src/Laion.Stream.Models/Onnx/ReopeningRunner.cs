using System.Globalization;
using Microsoft.Extensions.Logging;

namespace LaionStream.Models.Onnx;

/// <summary>
/// A model that is opened again when its device was lost: the current rows fail, the next run waits (1, 2, 4 … 60 s, by the number of consecutive losses) and
/// opens the model again. Too many consecutive losses end the run.
/// </summary>
/// <param name="first">The open model; owned.</param>
/// <param name="reopen">Opens it again.</param>
/// <param name="device">The session's name.</param>
/// <param name="maxFailures">Number of consecutive losses, failed attempts to open it included, that end the run.</param>
/// <param name="clock">Drives the waits.</param>
/// <param name="log">Logs each loss and each recovery.</param>
internal sealed partial class ReopeningRunner(IModelRunner first, Func<IModelRunner> reopen, string device, int maxFailures, TimeProvider clock, ILogger log)
    : IModelRunner
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly List<TensorBuffer> _buffers = [];
    private IModelRunner? _inner = first;
    private int _losses;

    /// <inheritdoc/>
    public string Name { get; } = first.Name;

    /// <inheritdoc/>
    public ModelSignature Signature { get; } = first.Signature;

    /// <inheritdoc/>
    public TensorBuffer Buffer(TensorSpec tensor)
    {
        TensorBuffer buffer = (_inner ?? throw Closed()).Buffer(tensor);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <inheritdoc/>
    /// <exception cref="SessionFault">The device had too many consecutive losses.</exception>
    public void Run(IReadOnlyList<TensorBuffer> inputs, TensorBuffer output, CancellationToken abort)
    {
        IModelRunner inner = _inner ?? Open(abort);
        try
        {
            inner.Run(inputs, output, abort);
            _losses = 0;
        }
        catch (ModelRunException e) when (e.Failure == ModelFailure.OutOfMemory)
        {
            Log.OutOfMemory(log, Name, device, inputs[0].Shape[0], e.Message);
            throw;
        }
        catch (ModelRunException e) when (e.Failure == ModelFailure.DeviceLost)
        {
            Close();
            CountLoss(e);
            throw;
        }
    }

    /// <inheritdoc/>
    public long[] Probe(IReadOnlyList<TensorBuffer> inputs, string output) => (_inner ?? throw Closed()).Probe(inputs, output);

    /// <inheritdoc/>
    public void Dispose() => _inner?.Dispose();

    private TimeSpan Wait => TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(_losses - 1, 30))));

    private IModelRunner Open(CancellationToken abort)
    {
        using (var over = new ManualResetEventSlim())
        using (ITimer timer = clock.CreateTimer(_ => over.Set(), null, Wait, Timeout.InfiniteTimeSpan)) { over.Wait(abort); }

        try
        {
            _inner = reopen();
        }
        catch (Exception e) when (e is ModelException or IOException)
        {
            var lost = new ModelRunException($"{Name}: {e.Message}", e, ModelFailure.DeviceLost);
            CountLoss(lost);
            throw lost;
        }

        Log.ModelReopened(log, Name, device);
        return _inner;
    }

    /// <summary>The buffers outlive the session that may own their memory.</summary>
    private void Close()
    {
        foreach (TensorBuffer buffer in _buffers) { buffer.Detach(); }

        _inner!.Dispose();
        _inner = null;
    }

    private void CountLoss(ModelRunException e)
    {
        _losses++;
        if (_losses >= maxFailures)
        {
            throw new SessionFault(string.Create(CultureInfo.InvariantCulture, $"{Name} lost {device} {_losses} times in a row: {e.Message}"), e);
        }

        Log.Lost(log, Name, device, Wait, e.Message);
    }

    private InvalidOperationException Closed() => new($"{Name} is closed since its device was lost.");

    private static partial class Log
    {
        [LoggerMessage(1610, LogLevel.Error, "{Model} lost {Device}, its rows end as model_failed; it is opened again after {Wait}: {Cause}")]
        public static partial void Lost(ILogger log, string model, string device, TimeSpan wait, string cause);

        [LoggerMessage(1611, LogLevel.Information, "{Model} is open again on {Device}")]
        public static partial void ModelReopened(ILogger log, string model, string device);

        [LoggerMessage(1612, LogLevel.Warning, "{Model} ran out of memory on {Device} with {Rows} rows; its batches are halved from here on: {Cause}")]
        public static partial void OutOfMemory(ILogger log, string model, string device, long rows, string cause);
    }
}
