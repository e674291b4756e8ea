/** Names for the generated shapes, so that features import one place. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type Alert = Schemas['Alert'];
export type Board = Schemas['Board'];
export type BoardLevel = Schemas['BoardLevel'];
export type BoardSource = Schemas['BoardSource'];
export type ClassifyRequest = Schemas['ClassifyRequest'];
export type Finding = Schemas['Finding'];
export type Incident = Schemas['Incident'];
export type IncidentLevel = Schemas['IncidentLevel'];
export type Integration = Schemas['Integration'];
export type Mail = Schemas['Mail'];
export type Mapping = Schemas['Mapping'];
export type MappingTried = Schemas['MappingTried'];
export type Me = Schemas['Me'];
export type Notification = Schemas['Notification'];
export type Oncall = Schemas['Oncall'];
export type Organisation = Schemas['Organisation'];
export type Override = Schemas['Override'];
export type OverrideRequest = Schemas['OverrideRequest'];
export type Page = Schemas['Page'];
export type Person = Schemas['Person'];
export type Problem = Schemas['Problem'];
export type JournalRecord = Schemas['Record'];
export type Schedule = Schemas['Schedule'];
export type Shift = Schemas['Shift'];
export type Signal = Schemas['Signal'];
export type Status = Schemas['Status'];
export type Target = Schemas['Target'];
export type TimelineEntry = Schemas['TimelineEntry'];
export type TodayPoint = Schemas['TodayPoint'];
export type Verification = Schemas['Verification'];
