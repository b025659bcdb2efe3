#!/bin/bash
# A shard of a batch as a task of a Slurm array, for Slurm 20 or later. The batch lies where all nodes see it.
#
#   missing=$(pwsh -NoProfile -Command "(Get-CamBatch /shared/job).Missing")
#   sbatch --array="$missing" slurm.sh /shared/job
#
# Invoke-CamBatch takes the shard's number from SLURM_ARRAY_TASK_ID. A task that is killed or whose node is lost leaves
# nothing: the same two lines submit again what is missing.
#SBATCH --job-name=cam
#SBATCH --cpus-per-task=1
#SBATCH --requeue
export CAM_BATCH="$1"
exec ${CAM_PWSH:-pwsh} -NoProfile -NonInteractive -Command '
    Import-Module ($env:CAM_MODULE ? $env:CAM_MODULE : "ClassActivation")
    Invoke-CamBatch $env:CAM_BATCH -ThrottleLimit ($env:SLURM_CPUS_PER_TASK ?? 1)'
