package tg.gouv.messagerie.deploy.command;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;

/** How the acts of a life cycle are told apart in JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "act")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LifeCycle.Reassignment.class, name = "reassignment"),
    @JsonSubTypes.Type(value = LifeCycle.HandOver.class, name = "hand-over"),
    @JsonSubTypes.Type(value = LifeCycle.Renaming.class, name = "renaming"),
    @JsonSubTypes.Type(value = LifeCycle.Suspension.class, name = "suspension"),
    @JsonSubTypes.Type(value = LifeCycle.Departure.class, name = "departure"),
    @JsonSubTypes.Type(value = LifeCycle.Hold.class, name = "hold"),
    @JsonSubTypes.Type(value = LifeCycle.HoldEnd.class, name = "hold-end"),
    @JsonSubTypes.Type(value = LifeCycle.Erasure.class, name = "erasure"),
    @JsonSubTypes.Type(value = LifeCycle.Resumption.class, name = "resumption")
})
interface LifeCycleJson {}
