package tg.gouv.messagerie.calendar;

/** What other capabilities may ask of calendars; no operation exists yet. */
public interface Calendars {}
