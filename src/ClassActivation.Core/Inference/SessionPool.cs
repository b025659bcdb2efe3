using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>Keeps a few sessions; the one that was not used for longest is freed when there are more and nobody runs it.</summary>
internal sealed class SessionPool(int capacity) : IDisposable
{
    private readonly object _gate = new();
    private readonly LinkedList<Entry> _entries = [];

    /// <summary>Gives a session, opening it where there is none.</summary>
    /// <param name="key">What the session is of.</param>
    /// <param name="open">Opens it; when that fails the next call tries again.</param>
    public Lease Rent(string key, Func<InferenceSession> open)
    {
        Entry entry;
        lock (_gate)
        {
            entry = _entries.FirstOrDefault(candidate => candidate.Key == key) ?? new Entry(key, new Lazy<InferenceSession>(open));
            _entries.Remove(entry);
            _entries.AddFirst(entry);
            entry.Uses++;
            Trim();
        }

        try
        {
            return new Lease(this, entry, entry.Session.Value);
        }
        catch
        {
            lock (_gate)
            {
                entry.Uses--;
                _entries.Remove(entry);
            }

            throw;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Entry entry in _entries.Where(static entry => entry.Session.IsValueCreated))
            {
                entry.Session.Value.Dispose();
            }

            _entries.Clear();
        }
    }

    private void Return(Entry entry)
    {
        lock (_gate)
        {
            entry.Uses--;
            Trim();
        }
    }

    private void Trim()
    {
        for (LinkedListNode<Entry>? node = _entries.Last; node is not null && _entries.Count > capacity;)
        {
            LinkedListNode<Entry>? previous = node.Previous;
            if (node.Value is { Uses: 0, Session.IsValueCreated: true })
            {
                _entries.Remove(node);
                node.Value.Session.Value.Dispose();
            }

            node = previous;
        }
    }

    /// <summary>A session that is not freed before this is disposed.</summary>
    internal readonly struct Lease(SessionPool pool, Entry entry, InferenceSession session) : IDisposable
    {
        /// <summary>The session.</summary>
        public InferenceSession Session => session;

        public void Dispose() => pool.Return(entry);
    }

    internal sealed class Entry(string key, Lazy<InferenceSession> session)
    {
        public string Key => key;

        public Lazy<InferenceSession> Session => session;

        public int Uses { get; set; }
    }
}
