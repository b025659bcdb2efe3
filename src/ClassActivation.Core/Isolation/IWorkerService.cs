namespace ClassActivation.Isolation;

/// <summary>One kind of work that is done in a process of its own. Used by many threads at once.</summary>
internal interface IWorkerService
{
    /// <summary>The name that requests for it bear.</summary>
    string Name { get; }

    /// <summary>Does what a request asks for. What it throws becomes the answer.</summary>
    /// <param name="request">What the request says.</param>
    /// <param name="reply">What is to be answered.</param>
    void Handle(BinaryReader request, BinaryWriter reply);
}
