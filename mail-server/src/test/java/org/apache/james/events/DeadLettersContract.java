package org.apache.james.events;

/** James's contract for dead letters, which only its own package sees. */
public interface DeadLettersContract extends EventDeadLettersContract.AllContracts {
    /** The events of the contract as text. */
    default EventSerializer testEvents() {
        return new EventBusTestFixture.TestEventSerializer();
    }
}
